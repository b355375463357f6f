locals {
  urls = { for function in local.http : function => google_cloudfunctions2_function.this[function].service_config[0].uri }
  # Authorization is the shopper's; who may call at all is told in a header of its own.
  identity = var.public ? "" : "-H \"X-Serverless-Authorization: Bearer $(gcloud auth print-identity-token)\" "
  json     = "-H 'Content-Type: application/json'"
}

output "try" {
  description = "Three lines to try, after a model was published and a picture taken in."
  value       = <<-EOT
    TOKEN=$(curl -s ${local.urls.register} ${local.identity}${local.json} -d '{"department": "womenswear"}' | python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])')
    curl -s ${local.urls.recommend} ${local.identity}-H "Authorization: Bearer $TOKEN" ${local.json} -d '{"limit": 5}'
    curl -s ${local.urls.recommend} ${local.identity}-H "Authorization: Bearer $TOKEN" ${local.json} -d '{"likes": ["AN_ITEM_ID"], "limit": 5}'
  EOT
}

output "environment" {
  description = "Addresses for the scripts: export $(terraform output -raw environment)."
  value = join("\n", [
    "IMAGES=${local.settings.IMAGES}",
    "CATALOGUE=${local.settings.CATALOGUE}",
    "USERS=${local.settings.USERS}",
    "REGISTER_URL=${local.urls.register}",
    "RECOMMEND_URL=${local.urls.recommend}",
    "MERCHANDISER_URL=${local.addresses.MERCHANDISER_URL}",
  ])
}

output "images" {
  description = "Where pictures go: DEPARTMENT/ITEM_ID.jpg below it."
  value       = local.settings.IMAGES
}

output "services" {
  description = "The functions' Cloud Run services, for going back to an earlier revision."
  value       = join("\n", values(local.names))
}

output "repository" {
  description = "Where images of the web app go."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "app" {
  description = "The web app's address; null without an image."
  value       = one([for page, service in google_cloud_run_v2_service.app : service.uri if page == "app"])
}

output "desk" {
  description = "The address of the merchandiser's page; null without an image or merchandisers."
  value       = one([for page, service in google_cloud_run_v2_service.app : service.uri if page == "desk"])
}
