# What has to be switched on, and time for it to take effect.

locals {
  services = toset([
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "eventarc.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "storage.googleapis.com",
  ])

  labels = merge(var.labels, { app = "stylekin", environment = var.name })
}

resource "google_project_service" "this" {
  for_each = var.billing_account == null ? local.services : setunion(local.services, ["billingbudgets.googleapis.com"])

  service = each.value
  # Another environment, or something else in the project, may need it still.
  disable_on_destroy = false
}

# A service's own account appears some time after the service is switched on.
resource "time_sleep" "services" {
  create_duration = "60s"

  depends_on = [google_project_service.this]
}

data "google_project" "this" {
  project_id = var.project

  depends_on = [google_project_service.this]
}

# Asking for it makes it, where the project never stored anything.
data "google_storage_project_service_account" "this" {
  depends_on = [google_project_service.this]
}
