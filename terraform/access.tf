# Who may call what. A function's own IAM resource says who may see it; who may call it is said on the
# Cloud Run service below it.

locals {
  callers = var.public ? setunion(var.invokers, ["allUsers"]) : var.invokers
  may_call = merge(
    {
      events    = { function = "embed_on_upload", member = google_service_account.events.member }
      scheduler = { function = "compact_catalogue", member = google_service_account.scheduler.member }
    },
    {
      for pair in setproduct(local.http, local.callers) :
      "${pair[0]} ${pair[1]}" => { function = pair[0], member = pair[1] }
    },
    {
      for one in var.merchandisers : "inspect_catalogue ${one}" => { function = "inspect_catalogue", member = one }
    },
    {
      for pair in flatten([for page, one in local.pages : [for asked in one.asks : { page = page, function = asked }]]) :
      "${pair.function} ${pair.page}" => { function = pair.function, member = google_service_account.app[pair.page].member }
    },
    {
      for pair in setproduct(local.http, keys(google_service_account.deploy)) :
      "${pair[0]} deploy" => { function = pair[0], member = google_service_account.deploy[pair[1]].member }
    },
  )
}

# Eventarc delivers to embed_on_upload and Cloud Scheduler asks compact_catalogue; register and recommend are
# called by whom the variables name, by the web app and by the smoke test of a deployment; inspect_catalogue by
# the merchandisers and their page, and never by everybody.
resource "google_cloud_run_v2_service_iam_member" "may_call" {
  # checkov:skip=CKV_GCP_102: allUsers is there only where the variable public says so
  for_each = local.may_call

  location = var.region
  name     = google_cloudfunctions2_function.this[each.value.function].service_config[0].service
  role     = "roles/run.invoker"
  member   = each.value.member
}
