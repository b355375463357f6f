# What is refused before anything is made. tests/deploy/test_refusals.py reads the messages.

mock_provider "google" {
  source = "./tests/mocks"
}

mock_provider "time" {}

variables {
  project = "shop"
}

run "functions_that_are_not_staged" {
  command = plan

  variables {
    staged = "./nowhere"
  }

  expect_failures = [data.archive_file.function]
}

# The sources' own folder has the entry points, but not what they import.
run "functions_that_were_staged_before_a_change" {
  command = plan

  variables {
    staged = "../functions"
  }

  expect_failures = [data.archive_file.function]
}

run "a_trigger_where_the_pictures_are_not" {
  command = plan

  variables {
    storage_location = "EU"
    trigger_location = "europe-west1"
  }

  expect_failures = [google_cloudfunctions2_function.this]
}

run "a_department_without_a_model" {
  command = plan

  variables {
    models = "./nowhere"
  }

  expect_failures = [google_cloudfunctions2_function.this]
}

run "a_key_that_is_elsewhere" {
  command = plan

  variables {
    storage_location = "EUR4"
    kms_key          = "projects/shop/locations/europe-west1/keyRings/stylekin/cryptoKeys/all"
  }

  expect_failures = [google_storage_bucket.catalogue]
}

run "triggers_without_a_state" {
  command = plan

  variables {
    repository = "projects/shop/locations/europe-west1/connections/code/repositories/shop"
  }

  expect_failures = [var.state_bucket]
}

run "a_name_too_long_for_accounts" {
  command = plan

  variables {
    name = "stylekin-for-the-winter-sale"
  }

  expect_failures = [var.name]
}
