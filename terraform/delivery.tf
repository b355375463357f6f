# A push deploys: two triggers on one repository, as two accounts. What a branch says is only planned, by an
# account that can read; what main says is applied. cloudbuild.yaml is the same for both.

locals {
  deploy = var.repository == null ? toset([]) : toset(["deploy"])
  builds = var.repository == null ? {} : {
    plan   = { account = google_service_account.plan["deploy"].id, elsewhere = true }
    deploy = { account = google_service_account.deploy["deploy"].id, elsewhere = false }
  }

  # What `terraform apply` changes, service by service.
  deploy_roles = var.repository == null ? {} : {
    "roles/artifactregistry.admin"          = "the repository of images, and pushing the web app's"
    "roles/cloudbuild.builds.editor"        = "these triggers, and the functions' builds"
    "roles/cloudfunctions.developer"        = "the functions"
    "roles/cloudscheduler.admin"            = "the schedule of compaction"
    "roles/datastore.owner"                 = "the database and its fields"
    "roles/eventarc.admin"                  = "the triggers of embed_on_upload"
    "roles/iam.roleAdmin"                   = "the role of compact_catalogue"
    "roles/iam.serviceAccountAdmin"         = "the accounts"
    "roles/logging.configWriter"            = "the metrics made of log lines"
    "roles/logging.logWriter"               = "the build's own log"
    "roles/monitoring.editor"               = "alerts and dashboard"
    "roles/resourcemanager.projectIamAdmin" = "the grants on the project"
    "roles/run.admin"                       = "the web app, who may call what, and going back a revision"
    "roles/serviceusage.serviceUsageAdmin"  = "the services that are switched on"
    "roles/storage.admin"                   = "the buckets, the sources, the models, and the smoke test's picture"
  }
  # What `terraform plan` reads, who is granted what, using the project's quota for it, and the build's own log.
  plan_roles = var.repository == null ? toset([]) : toset([
    "roles/iam.securityReviewer",
    "roles/logging.logWriter",
    "roles/serviceusage.serviceUsageConsumer",
    "roles/viewer",
  ])
}

resource "google_service_account" "deploy" {
  for_each = local.deploy

  account_id   = "${var.name}-deploy"
  display_name = "${var.name}: deploys what is on main"
}

resource "google_service_account" "plan" {
  for_each = local.deploy

  account_id   = "${var.name}-plan"
  display_name = "${var.name}: checks and plans every push"
}

# The list above says what each is for.
resource "google_project_iam_member" "deploy" {
  # checkov:skip=CKV_GCP_49: it makes the accounts of the stack; acting as them is granted one by one below
  # checkov:skip=CKV_GCP_42: it sets up every service of the stack, and nothing else has this account
  for_each = local.deploy_roles

  project = var.project
  role    = each.key
  member  = google_service_account.deploy["deploy"].member
}

resource "google_project_iam_member" "plan" {
  # checkov:skip=CKV_GCP_117: a plan reads everything the stack has; the basic role is the one that does
  for_each = local.plan_roles

  project = var.project
  role    = each.value
  member  = google_service_account.plan["deploy"].member
}

# Who may use the key is the stack's to say (keys.tf).
resource "google_kms_crypto_key_iam_member" "deploy" {
  for_each = var.kms_key == null ? toset([]) : local.deploy

  crypto_key_id = var.kms_key
  role          = "roles/cloudkms.admin"
  member        = google_service_account.deploy[each.key].member
}

# A plan starts from the state, which is in a bucket that this stack did not make.
resource "google_storage_bucket_iam_member" "plan_reads_state" {
  for_each = local.deploy

  bucket = var.state_bucket
  role   = "roles/storage.objectViewer"
  member = google_service_account.plan[each.key].member
}

# Who deploys something that runs as an account must be allowed to act as it.
resource "google_service_account_iam_member" "deploy_acts_as" {
  for_each = var.repository == null ? {} : merge(google_service_account.function, google_service_account.app, {
    build     = google_service_account.build
    events    = google_service_account.events
    scheduler = google_service_account.scheduler
    plan      = google_service_account.plan["deploy"]
    deploy    = google_service_account.deploy["deploy"]
  })

  service_account_id = each.value.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deploy["deploy"].member
}

resource "google_cloudbuild_trigger" "push" {
  for_each = local.builds

  name            = "${var.name}-${each.key}"
  location        = var.region
  description     = each.key == "plan" ? "Check and plan every push" : "Deploy what is on main"
  filename        = "cloudbuild.yaml"
  service_account = each.value.account

  repository_event_config {
    repository = var.repository
    push {
      branch       = "^main$"
      invert_regex = each.value.elsewhere
    }
  }

  substitutions = {
    _REGION       = var.region
    _ENVIRONMENT  = var.name
    _STATE_BUCKET = var.state_bucket
    _REPOSITORY   = var.repository
  }

  depends_on = [google_project_service.this]
}
