# What wakes embed_on_upload beside its own trigger, and what wakes compact_catalogue.

locals {
  events = { deleted = "deleted", metadata = "metadataUpdated" }
}

# Delivery is tried again while the function answers 5xx, as long as Pub/Sub keeps the event. A retry_policy
# here could only end that: the one value it takes is a single attempt.
resource "google_eventarc_trigger" "images" {
  for_each = local.events

  name            = "${local.names.embed_on_upload}-${each.key}"
  location        = local.trigger_location
  service_account = google_service_account.events.email
  labels          = local.labels

  matching_criteria {
    attribute = "type"
    value     = "google.cloud.storage.object.v1.${each.value}"
  }
  matching_criteria {
    attribute = "bucket"
    value     = google_storage_bucket.images.name
  }

  destination {
    cloud_run_service {
      service = google_cloudfunctions2_function.this["embed_on_upload"].name
      region  = var.region
    }
  }

  depends_on = [time_sleep.grants]
}

resource "google_cloud_scheduler_job" "compaction" {
  name             = local.names.compact_catalogue
  region           = var.region
  description      = "Fold the catalogue's log, and find what events missed"
  schedule         = var.compaction_schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "${local.functions.compact_catalogue.timeout}s"

  # The next one comes soon; it does what this one left.
  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.this["compact_catalogue"].service_config[0].uri
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode("{}")

    oidc_token {
      service_account_email = google_service_account.scheduler.email
      audience              = google_cloudfunctions2_function.this["compact_catalogue"].service_config[0].uri
    }
  }
}
