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
    condition     = keys(google_cloud_run_v2_service_iam_member.app) == ["app group:shop@example.com"]
    error_message = "The web app is open to others."
  }
}

run "merchandisers_have_a_page_of_their_own" {
  command = plan

  variables {
    public        = true
    merchandisers = ["group:buyers@example.com"]
    app_image     = "europe-west1-docker.pkg.dev/shop/stylekin/app:1"
  }

  assert {
    condition     = toset([for key in keys(google_cloud_run_v2_service_iam_member.may_call) : key if startswith(key, "inspect_catalogue ")]) == toset(["inspect_catalogue group:buyers@example.com", "inspect_catalogue desk"])
    error_message = "Found ${jsonencode(keys(google_cloud_run_v2_service_iam_member.may_call))}."
  }

  assert {
    condition     = toset(keys(google_cloud_run_v2_service_iam_member.app)) == toset(["app allUsers", "desk group:buyers@example.com"])
    error_message = "Found ${jsonencode(keys(google_cloud_run_v2_service_iam_member.app))}."
  }

  assert {
    condition = {
      for page, service in google_cloud_run_v2_service.app : page => contains([for one in service.template[0].containers[0].env : one.name], "MERCHANDISER_URL")
    } == { app = false, desk = true }
    error_message = "The shopper's page knows of the merchandiser's, or that one does not know where to ask."
  }
}

run "allusers_is_no_merchandiser" {
  command = plan

  variables {
    merchandisers = ["allUsers"]
  }

  expect_failures = [var.merchandisers]
}

run "allusers_is_no_invoker" {
  command = plan

  variables {
    invokers = ["allUsers"]
  }

  expect_failures = [var.invokers]
}
