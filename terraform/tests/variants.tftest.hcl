# Two regions, a key, the web app, a budget, deployment on a push.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "time" {}

variables {
  project = "shop"
}

run "two_regions" {
  command = plan

  variables {
    region            = "europe-west4"
    storage_location  = "EUR4"
    database_location = "eur3"
  }

  assert {
    condition     = toset([google_storage_bucket.images.location, google_storage_bucket.catalogue.location]) == toset(["EUR4"])
    error_message = "Pictures and catalogue are not in two regions."
  }

  assert {
    condition     = toset(concat([google_cloudfunctions2_function.this["embed_on_upload"].event_trigger[0].trigger_region], [for trigger in google_eventarc_trigger.images : trigger.location])) == toset(["eur4"])
    error_message = "A trigger is not where the pictures are."
  }

  assert {
    condition     = google_cloudfunctions2_function.this["recommend"].location == "europe-west4" && google_firestore_database.profiles.location_id == "eur3"
    error_message = "Functions or profiles are elsewhere."
  }
}

run "a_key_of_ones_own" {
  command = plan

  variables {
    kms_key = "projects/shop/locations/europe-west1/keyRings/stylekin/cryptoKeys/all"
  }

  assert {
    condition = toset([
      google_storage_bucket.images.encryption[0].default_kms_key_name,
      google_storage_bucket.catalogue.encryption[0].default_kms_key_name,
      google_storage_bucket.sources.encryption[0].default_kms_key_name,
      google_firestore_database.profiles.cmek_config[0].kms_key_name,
      google_artifact_registry_repository.images.kms_key_name,
      google_cloudfunctions2_function.this["register"].kms_key_name,
    ]) == toset([var.kms_key])
    error_message = "Something is not under the key."
  }
}

run "an_engine" {
  command = plan

  variables {
    catalogue_engine = "firestore"
    engine_widths    = [512, 768]
  }

  assert {
    condition     = startswith(google_cloudfunctions2_function.this["recommend"].service_config[0].environment_variables["CATALOGUE_ENGINE"], "firestore://shop/stylekin-items")
    error_message = "Functions do not know the engine."
  }

  assert {
    condition     = toset([for index in google_firestore_index.nearest : index.fields[1].vector_config[0].dimension]) == toset([512, 768])
    error_message = "There is not an index for each width."
  }

  assert {
    condition     = toset(keys(google_project_iam_member.items)) == toset(["compact_catalogue", "embed_on_upload", "recommend"]) && google_project_iam_member.items["recommend"].role == "roles/datastore.viewer"
    error_message = "Others than those who need it may use the items, or more than they need."
  }
}

run "the_web_app" {
  command = plan

  variables {
    app_image = "europe-west1-docker.pkg.dev/shop/stylekin/app:1"
  }

  assert {
    condition     = toset([for one in google_cloud_run_v2_service.app["app"].template[0].containers[0].env : one.name]) == toset(["REGISTER_URL", "RECOMMEND_URL", "IMAGES"])
    error_message = "The web app does not know where to ask."
  }

  assert {
    condition     = length(google_cloud_run_v2_service_iam_member.app) == 0
    error_message = "The web app is open."
  }
}

run "a_budget_and_a_warm_function" {
  command = plan

  variables {
    billing_account = "012345-6789AB-CDEF01"
    monthly_budget  = 20
    alert_emails    = ["ops@example.com"]
    warm            = ["recommend"]
  }

  assert {
    condition     = one(values(google_billing_budget.this)).amount[0].specified_amount[0].units == "20"
    error_message = "Found another budget."
  }

  assert {
    condition     = contains(keys(google_project_service.this), "billingbudgets.googleapis.com")
    error_message = "The service of budgets is not switched on."
  }

  assert {
    condition     = { for function, resource in google_cloudfunctions2_function.this : function => resource.service_config[0].min_instance_count } == { compact_catalogue = 0, embed_on_upload = 0, inspect_catalogue = 0, recommend = 1, register = 0 }
    error_message = "Not recommend alone is warm."
  }
}

run "a_push_deploys_from_main_only" {
  command = plan

  variables {
    repository   = "projects/shop/locations/europe-west1/connections/code/repositories/shop"
    state_bucket = "shop-state"
  }

  assert {
    condition     = alltrue([for name, trigger in google_cloudbuild_trigger.push : trigger.repository_event_config[0].push[0].branch == "^main$" && trigger.repository_event_config[0].push[0].invert_regex == (name == "plan")])
    error_message = "Found ${jsonencode([for trigger in google_cloudbuild_trigger.push : trigger.repository_event_config])}."
  }

  assert {
    condition     = length(setintersection(["roles/owner", "roles/editor"], concat(keys(google_project_iam_member.deploy), keys(google_project_iam_member.plan)))) == 0
    error_message = "A build may do anything."
  }
}
