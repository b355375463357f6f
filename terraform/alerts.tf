# What somebody is told of. docs/deploy.md says what to do about each.

locals {
  metric   = { for one in concat(keys(local.counted), keys(local.measured)) : one => "metric.type=\"logging.googleapis.com/user/${var.name}-${one}\" AND resource.type=\"cloud_run_revision\"" }
  requests = "metric.type=\"run.googleapis.com/request_count\" AND resource.type=\"cloud_run_revision\" AND resource.labels.service_name=one_of(${join(",", [for name in values(local.names) : "\"${name}\""])})"
  backlog  = "metric.type=\"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type=\"pubsub_subscription\" AND resource.labels.subscription_id=has_substring(\"-${local.names.embed_on_upload}-\")"

  # align is how a series' points within period (seconds) become one, reduce how series become one. It is an
  # alert when the value is above limit (below, where so said) for the time lasting.
  alerts = {
    errors = {
      title    = "Errors"
      severity = "ERROR"
      what     = "More than 5 % of a function's calls end in 5xx, for five minutes. Its log has the stack: severity=ERROR."
      filter   = "${local.requests} AND metric.labels.response_code_class=\"5xx\""
      of       = local.requests
      align    = "ALIGN_DELTA"
      reduce   = "REDUCE_SUM"
      by       = ["resource.label.service_name"]
      period   = 300
      limit    = 0.05
      lasting  = 300
    }
    slow = {
      title    = "Slow answers"
      severity = "WARNING"
      what     = "One call in twenty to recommend takes more than a second, for ten minutes. If most of them start an instance, keep one warm: warm = [\"recommend\"]."
      filter   = "${local.metric.answer_ms} AND metric.labels.function=\"recommend\""
      of       = null
      align    = "ALIGN_PERCENTILE_95"
      reduce   = "REDUCE_MAX"
      by       = []
      period   = 300
      limit    = 1000
      lasting  = 600
    }
    lag = {
      title    = "Pictures wait"
      severity = "WARNING"
      what     = "A storage event has waited for more than ten minutes. Look for `event to be sent again` in the log of embed_on_upload: its `reason` says what is in the way."
      filter   = local.backlog
      of       = null
      align    = "ALIGN_MAX"
      reduce   = "REDUCE_MAX"
      by       = []
      period   = 60
      limit    = 600
      lasting  = 300
    }
    rejected = {
      title    = "Rejected pictures"
      severity = "WARNING"
      what     = "More than ten pictures or tables were refused within an hour, and will be again. DEPARTMENT/rejected/ in the catalogue bucket says which and why."
      filter   = local.metric.rejected
      of       = null
      align    = "ALIGN_DELTA"
      reduce   = "REDUCE_SUM"
      by       = []
      period   = 3600
      limit    = 10
      lasting  = 0
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.alert_emails

  display_name = "${var.name}: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }
  user_labels  = local.labels

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "this" {
  for_each = local.alerts

  display_name          = "${var.name}: ${each.value.title}"
  severity              = each.value.severity
  combiner              = "OR"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  user_labels           = local.labels

  documentation {
    mime_type = "text/markdown"
    content   = each.value.what
  }

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter             = each.value.filter
      denominator_filter = each.value.of
      comparison         = "COMPARISON_GT"
      threshold_value    = each.value.limit
      duration           = "${each.value.lasting}s"

      aggregations {
        alignment_period     = "${each.value.period}s"
        per_series_aligner   = each.value.align
        cross_series_reducer = each.value.reduce
        group_by_fields      = each.value.by
      }

      dynamic "denominator_aggregations" {
        for_each = each.value.of[*]
        content {
          alignment_period     = "${each.value.period}s"
          per_series_aligner   = each.value.align
          cross_series_reducer = each.value.reduce
          group_by_fields      = each.value.by
        }
      }
    }
  }

  depends_on = [time_sleep.metrics]
}

# No pictures for a day is no error anywhere. The metric may say 0 or say nothing: both count.
resource "google_monitoring_alert_policy" "nothing_ingested" {
  display_name          = "${var.name}: Nothing ingested"
  severity              = "WARNING"
  combiner              = "OR"
  notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  user_labels           = local.labels

  documentation {
    mime_type = "text/markdown"
    content   = "No picture became an item for a day. If the shop did upload some, look at the log of embed_on_upload and at the triggers in Eventarc."
  }

  conditions {
    display_name = "Nothing ingested"

    condition_threshold {
      filter                  = local.metric.ingested
      comparison              = "COMPARISON_LT"
      threshold_value         = 1
      duration                = "300s"
      evaluation_missing_data = "EVALUATION_MISSING_DATA_ACTIVE"

      aggregations {
        alignment_period     = "86400s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  depends_on = [time_sleep.metrics]
}

# The project's cost, told to who is in alert_emails and to the billing account's administrators.
resource "google_billing_budget" "this" {
  for_each = toset(var.billing_account[*])

  billing_account = each.value
  display_name    = "${var.name}: ${var.project}"

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
  }

  amount {
    specified_amount {
      units = tostring(var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]
    content {
      threshold_percent = threshold_rules.value
    }
  }
  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = [for channel in google_monitoring_notification_channel.email : channel.id]
    disable_default_iam_recipients   = false
  }

  depends_on = [google_project_service.this]
}
