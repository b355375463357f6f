# What opens when a shop says so.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "time" {}

variables {
  project = "shop"
}

run "public_opens_register_and_recommend_only" {
  variables {
    public = true
  }

  assert {
    condition     = toset([for key, grant in google_cloud_run_v2_service_iam_member.may_call : key if grant.member == "allUsers"]) == toset(["register allUsers", "recommend allUsers"])
    error_message = "Found ${jsonencode(keys(google_cloud_run_v2_service_iam_member.may_call))}."
  }

  assert {
    condition     = google_storage_bucket.images.public_access_prevention == "enforced"
    error_message = "Pictures are public."
  }

  assert {
    condition     = !strcontains(output.try, "X-Serverless-Authorization")
    error_message = "Nobody needs an identity here, found ${output.try}"
  }
}

run "invokers_may_call_without_the_public" {
  command = plan

  variables {
    invokers  = ["group:shop@example.com"]
    app_image = "europe-west1-docker.pkg.dev/shop/stylekin/app:1"
  }

  assert {
    condition     = toset([for key, grant in google_cloud_run_v2_service_iam_member.may_call : key if !contains(["events", "scheduler"], key)]) == toset(["register group:shop@example.com", "recommend group:shop@example.com", "register app", "recommend app"])
    error_message = "Found ${jsonencode(keys(google_cloud_run_v2_service_iam_member.may_call))}."
  }

  assert {
    condition     = keys(google_cloud_run_v2_service_iam_member.app) == ["group:shop@example.com"]
    error_message = "The web app is open to others."
  }
}

run "allusers_is_no_invoker" {
  command = plan

  variables {
    invokers = ["allUsers"]
  }

  expect_failures = [var.invokers]
}
