resource "google_monitoring_dashboard" "this" {
  dashboard_json = templatefile("${path.module}/dashboard.json", {
    name     = var.name
    requests = jsonencode(local.requests)
    metric   = { for key, filter in local.metric : key => jsonencode(filter) }
    backlog  = jsonencode(local.backlog)
    memory   = jsonencode(replace(local.requests, "request_count", "container/memory/utilizations"))
    running  = jsonencode(replace(local.requests, "request_count", "container/instance_count"))
  })

  depends_on = [time_sleep.metrics]
}
