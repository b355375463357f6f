# Metrics made of the functions' own log lines (shared/logs.py): what they filter by and read is written by
# shared/web.py and functions/embed_on_upload/main.py, and a test holds both ends together.

locals {
  lines = { for function, name in local.names : function => "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${name}\"" }

  counted = {
    ingested = {
      description = "Pictures that became items"
      filter      = "${local.lines.embed_on_upload} AND jsonPayload.message=\"embedded\""
      labels      = {}
    }
    rejected = {
      description = "Pictures and tables that can never be taken in, by the kind of fault"
      filter      = "${local.lines.embed_on_upload} AND jsonPayload.message=\"rejected\""
      labels      = { error = "EXTRACT(jsonPayload.error)" }
    }
    sent_again = {
      description = "Storage events that failed and come again, by the kind of fault"
      filter      = "${local.lines.embed_on_upload} AND jsonPayload.message=\"event to be sent again\""
      labels      = { error = "EXTRACT(jsonPayload.error)" }
    }
  }

  measured = {
    ingest_ms = {
      description = "From a storage event's arrival to its item in the catalogue's log"
      filter      = "${local.lines.embed_on_upload} AND jsonPayload.message=\"embedded\""
      value       = "EXTRACT(jsonPayload.ms)"
      unit        = "ms"
      scale       = 10
      labels      = {}
    }
    answer_ms = {
      description = "From a request's arrival to its answer, whatever the answer was"
      filter      = "(${local.lines.register} OR ${local.lines.recommend}) AND jsonPayload.ms>=0"
      value       = "EXTRACT(jsonPayload.ms)"
      unit        = "ms"
      scale       = 1
      labels = {
        function = "EXTRACT(jsonPayload.function)"
        method   = "EXTRACT(jsonPayload.method)"
        route    = "EXTRACT(jsonPayload.route)"
        status   = "EXTRACT(jsonPayload.status)"
      }
    }
    candidates = {
      description = "Items a shopper's filters left to choose from"
      filter      = "${local.lines.recommend} AND jsonPayload.candidates>=0"
      value       = "EXTRACT(jsonPayload.candidates)"
      unit        = "1"
      scale       = 1
      labels      = {}
    }
  }
}

resource "google_logging_metric" "counted" {
  for_each = local.counted

  name             = "${var.name}-${each.key}"
  description      = each.value.description
  filter           = each.value.filter
  label_extractors = each.value.labels

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_logging_metric" "measured" {
  for_each = local.measured

  name             = "${var.name}-${each.key}"
  description      = each.value.description
  filter           = each.value.filter
  value_extractor  = each.value.value
  label_extractors = each.value.labels

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = each.value.unit

    dynamic "labels" {
      for_each = each.value.labels
      content {
        key        = labels.key
        value_type = "STRING"
      }
    }
  }

  # 40 buckets, each half as wide again as the one before.
  bucket_options {
    exponential_buckets {
      num_finite_buckets = 40
      growth_factor      = 1.5
      scale              = each.value.scale
    }
  }

  depends_on = [google_project_service.this]
}

# Monitoring hears of a new metric a little later; an alert made before is refused.
resource "time_sleep" "metrics" {
  create_duration = "60s"

  depends_on = [google_logging_metric.counted, google_logging_metric.measured]
}
