# The five functions.

locals {
  # memory is at least twice what benchmarks/footprint.json says was used, and a test holds it; more than one
  # call at a time needs a whole CPU. functions-framework has four threads per CPU, so more calls than that
  # would only wait inside the instance. timeout is in seconds.
  functions = {
    register = {
      memory      = "512Mi"
      cpu         = "1"
      concurrency = 4
      timeout     = 30
      instances   = 20
    }
    # The catalogue in memory, one pair of networks and one decoded photograph.
    recommend = {
      memory      = "3Gi"
      cpu         = "1"
      concurrency = 4
      timeout     = 60
      instances   = 20
    }
    # Networks of both departments; one run per CPU, side by side.
    embed_on_upload = {
      memory      = "3Gi"
      cpu         = "2"
      concurrency = 2
      timeout     = 300
      instances   = 10
    }
    # Two at once would be right as well, but one of them would work in vain.
    compact_catalogue = {
      memory      = "1Gi"
      cpu         = "1"
      concurrency = 1
      timeout     = 900
      instances   = 1
    }
    # The catalogue in memory, and thousands of its items compared with each other.
    inspect_catalogue = {
      memory      = "1Gi"
      cpu         = "1"
      concurrency = 4
      timeout     = 60
      instances   = 2
    }
  }

  # Cloud Functions takes no underscores in names.
  names = { for function in keys(local.functions) : function => "${var.name}-${replace(function, "_", "-")}" }

  # The fields of shared/settings.py, all of them for every function.
  settings = {
    IMAGES               = "gs://${google_storage_bucket.images.name}"
    CATALOGUE            = "gs://${google_storage_bucket.catalogue.name}"
    USERS                = "firestore://${var.project}/${google_firestore_database.profiles.name}"
    CATALOGUE_MAX_AGE    = tostring(var.catalogue_max_age)
    CATALOGUE_ENGINE     = var.catalogue_engine == "memory" ? "memory" : "firestore://${var.project}/${google_firestore_database.items[0].name}"
    ENCODER_THREADS      = tostring(var.encoder_threads)
    CORS_ORIGINS         = join(",", var.cors_origins)
    GOOGLE_CLOUD_PROJECT = var.project
  }

  # Shoppers call these.
  http = toset(["register", "recommend"])
  # People call these, from anywhere; the others hear from Eventarc and Cloud Scheduler only.
  outside = setunion(local.http, ["inspect_catalogue"])

  trigger_location = lower(coalesce(var.trigger_location, local.storage_location))
}

resource "google_cloudfunctions2_function" "this" {
  # checkov:skip=CKV_GCP_124: some functions are called from outside; IAM says by whom
  for_each = local.functions

  name         = local.names[each.key]
  location     = var.region
  description  = "Stylekin: ${replace(each.key, "_", " ")}"
  kms_key_name = var.kms_key
  labels       = local.labels

  build_config {
    runtime           = "python313"
    entry_point       = each.key
    docker_repository = google_artifact_registry_repository.images.id
    service_account   = google_service_account.build.id

    source {
      storage_source {
        bucket = google_storage_bucket.sources.name
        object = google_storage_bucket_object.function[each.key].name
      }
    }

    automatic_update_policy {} # security fixes of the base image arrive without a deployment
  }

  service_config {
    available_memory                 = lookup(var.memory, each.key, each.value.memory)
    available_cpu                    = each.value.cpu
    max_instance_request_concurrency = each.value.concurrency
    timeout_seconds                  = each.value.timeout
    min_instance_count               = contains(var.warm, each.key) ? 1 : 0
    max_instance_count               = each.value.instances
    service_account_email            = google_service_account.function[each.key].email
    environment_variables            = local.settings
    ingress_settings                 = contains(local.outside, each.key) ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision   = true
  }

  # A function has one trigger of its own; triggers.tf has the others.
  dynamic "event_trigger" {
    for_each = each.key == "embed_on_upload" ? ["finalized"] : []
    content {
      event_type            = "google.cloud.storage.object.v1.${event_trigger.value}"
      trigger_region        = local.trigger_location
      retry_policy          = "RETRY_POLICY_RETRY"
      service_account_email = google_service_account.events.email

      event_filters {
        attribute = "bucket"
        value     = google_storage_bucket.images.name
      }
    }
  }

  lifecycle {
    precondition {
      condition     = each.key != "embed_on_upload" || length(local.without_model) == 0
      error_message = "${local.models}: expected a model for each department, ${local.models}/DEPARTMENT/VERSION/card.json, found none for ${join(", ", local.without_model)}. Train one (docs/training.md), or take the demo models."
    }
    precondition {
      condition     = each.key != "embed_on_upload" || local.trigger_location == lower(google_storage_bucket.images.location)
      error_message = "trigger_location: expected ${lower(google_storage_bucket.images.location)}, where the bucket of pictures is, found ${local.trigger_location}. Events come from the bucket's location only: leave trigger_location out."
    }
  }

  depends_on = [time_sleep.grants]
}
