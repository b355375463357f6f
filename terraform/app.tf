# The web app, once there is an image of it: the shopper's page, and where merchandisers are named a second
# one for them alone, as an account of its own. A shopper's page does not know that there is another.

locals {
  addresses = {
    REGISTER_URL     = google_cloudfunctions2_function.this["register"].service_config[0].uri
    RECOMMEND_URL    = google_cloudfunctions2_function.this["recommend"].service_config[0].uri
    MERCHANDISER_URL = google_cloudfunctions2_function.this["inspect_catalogue"].service_config[0].uri
  }
  pages = { for page, one in {
    app = {
      title = "the shopper's page"
      asks  = local.http
      knows = ["REGISTER_URL", "RECOMMEND_URL"]
      who   = local.callers
      there = var.app_image != null
    }
    desk = {
      title = "the merchandiser's page"
      asks  = local.outside
      knows = ["REGISTER_URL", "RECOMMEND_URL", "MERCHANDISER_URL"]
      who   = var.merchandisers
      there = var.app_image != null && length(var.merchandisers) > 0
    }
  } : page => one if one.there }
}

resource "google_service_account" "app" {
  for_each = local.pages

  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name}: runs ${each.value.title}"

  depends_on = [google_project_service.this]
}

# The app shows pictures by addresses that it signs: it must be able to read what it signs for.
resource "google_storage_bucket_iam_member" "app_reads" {
  for_each = local.pages

  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.app[each.key].member
}

# It signs as itself, without a key in a file.
resource "google_service_account_iam_member" "app_signs" {
  for_each = local.pages

  service_account_id = google_service_account.app[each.key].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.app[each.key].member
}

resource "google_cloud_run_v2_service" "app" {
  for_each = local.pages

  name                = "${var.name}-${each.key}"
  location            = var.region
  description         = "Stylekin: ${each.value.title}"
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
        for_each = merge({ IMAGES = local.settings.IMAGES }, { for name in each.value.knows : name => local.addresses[name] })
        content {
          name  = env.key
          value = env.value
        }
      }
    }
  }
}

# The same people who may call the functions may open their page.
resource "google_cloud_run_v2_service_iam_member" "app" {
  # checkov:skip=CKV_GCP_102: allUsers is there only where the variable public says so
  for_each = merge([for page, one in local.pages : { for who in one.who : "${page} ${who}" => { page = page, member = who } }]...)

  location = var.region
  name     = google_cloud_run_v2_service.app[each.value.page].name
  role     = "roles/run.invoker"
  member   = each.value.member
}
