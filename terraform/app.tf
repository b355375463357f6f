# The web app, once there is an image of it.

locals {
  app = var.app_image == null ? toset([]) : toset(["app"])
}

resource "google_service_account" "app" {
  for_each = local.app

  account_id   = "${var.name}-app"
  display_name = "${var.name}: runs the web app"

  depends_on = [google_project_service.this]
}

# The app shows pictures by addresses that it signs: it must be able to read what it signs for.
resource "google_storage_bucket_iam_member" "app_reads" {
  for_each = local.app

  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.app[each.key].member
}

# It signs as itself, without a key in a file.
resource "google_service_account_iam_member" "app_signs" {
  for_each = local.app

  service_account_id = google_service_account.app[each.key].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.app[each.key].member
}

resource "google_cloud_run_v2_service" "app" {
  for_each = local.app

  name                = "${var.name}-app"
  location            = var.region
  description         = "Stylekin: the shopper's page"
  deletion_protection = false # it holds nothing
  labels              = local.labels

  template {
    service_account                  = google_service_account.app[each.key].email
    timeout                          = "3600s" # a page keeps its connection open
    session_affinity                 = true    # and its state in the instance it came to
    max_instance_request_concurrency = 40
    encryption_key                   = var.kms_key

    scaling {
      min_instance_count = 0
      max_instance_count = 5
    }

    containers {
      image = var.app_image

      resources {
        limits            = { cpu = "1", memory = "1Gi" }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = {
          REGISTER_URL  = google_cloudfunctions2_function.this["register"].service_config[0].uri
          RECOMMEND_URL = google_cloudfunctions2_function.this["recommend"].service_config[0].uri
          IMAGES        = local.settings.IMAGES
        }
        content {
          name  = env.key
          value = env.value
        }
      }
    }
  }
}

# The same people who may call the functions may open the page.
resource "google_cloud_run_v2_service_iam_member" "app" {
  # checkov:skip=CKV_GCP_102: allUsers is there only where the variable public says so
  for_each = var.app_image == null ? toset([]) : local.callers

  location = var.region
  name     = google_cloud_run_v2_service.app["app"].name
  role     = "roles/run.invoker"
  member   = each.value
}
