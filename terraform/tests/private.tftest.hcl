# What a shop gets that sets its project and nothing else.

mock_provider "google" {
  source = "./tests/mocks"

  override_resource {
    target = google_service_account.function["register"]
    values = { email = "register@shop.iam.gserviceaccount.com", member = "serviceAccount:register@shop.iam.gserviceaccount.com" }
  }
  override_resource {
    target = google_service_account.function["recommend"]
    values = { email = "recommend@shop.iam.gserviceaccount.com", member = "serviceAccount:recommend@shop.iam.gserviceaccount.com" }
  }
  override_resource {
    target = google_service_account.function["embed_on_upload"]
    values = { email = "embed@shop.iam.gserviceaccount.com", member = "serviceAccount:embed@shop.iam.gserviceaccount.com" }
  }
  override_resource {
    target = google_service_account.function["compact_catalogue"]
    values = { email = "compact@shop.iam.gserviceaccount.com", member = "serviceAccount:compact@shop.iam.gserviceaccount.com" }
  }
  override_resource {
    target = google_service_account.function["inspect_catalogue"]
    values = { email = "inspect@shop.iam.gserviceaccount.com", member = "serviceAccount:inspect@shop.iam.gserviceaccount.com" }
  }
}

mock_provider "time" {}

variables {
  project = "shop"
}

run "by_default" {
  # Nobody may call from outside.

  assert {
    condition     = toset([for grant in google_cloud_run_v2_service_iam_member.may_call : grant.member]) == toset([google_service_account.events.member, google_service_account.scheduler.member])
    error_message = "Only Eventarc and Cloud Scheduler may call, found ${jsonencode([for grant in google_cloud_run_v2_service_iam_member.may_call : grant.member])}."
  }

  assert {
    condition = alltrue([
      for function, resource in google_cloudfunctions2_function.this :
      resource.service_config[0].ingress_settings == (contains(["register", "recommend", "inspect_catalogue"], function) ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY")
    ])
    error_message = "Only what people call is reached from outside."
  }

  # Nobody in the world is granted anything.

  assert {
    condition = !anytrue([
      for grant in concat(
        [google_artifact_registry_repository_iam_member.build_stores],
        values(google_cloud_run_v2_service_iam_member.app),
        values(google_cloud_run_v2_service_iam_member.may_call),
        values(google_project_iam_member.deploy),
        values(google_project_iam_member.plan),
        values(google_project_iam_member.profiles),
        [google_project_iam_member.build_logs, google_project_iam_member.build_reads_copies],
        [google_project_iam_member.events_received, google_project_iam_member.storage_publishes],
        values(google_storage_bucket_iam_member.app_reads),
        values(google_storage_bucket_iam_member.catalogue_readers),
        values(google_storage_bucket_iam_member.catalogue_writers),
        [google_storage_bucket_iam_member.build_reads, google_storage_bucket_iam_member.images_reader],
        [google_storage_bucket_iam_member.images_lister, google_storage_bucket_iam_member.images_toucher],
      ) : contains(["allUsers", "allAuthenticatedUsers"], grant.member)
    ])
    error_message = "allUsers and allAuthenticatedUsers are granted something."
  }

  # Buckets are apart, and closed.

  assert {
    condition     = length(toset([google_storage_bucket.images.name, google_storage_bucket.catalogue.name, google_storage_bucket.sources.name])) == 3
    error_message = "Pictures, catalogue and sources lie in three buckets."
  }

  assert {
    condition = alltrue([
      for bucket in [google_storage_bucket.images, google_storage_bucket.catalogue, google_storage_bucket.sources] :
      bucket.uniform_bucket_level_access && bucket.public_access_prevention == "enforced"
    ])
    error_message = "A bucket could be opened to the public."
  }

  assert {
    condition     = !google_storage_bucket.images.force_destroy && google_storage_bucket.images.soft_delete_policy[0].retention_duration_seconds >= 7 * 86400
    error_message = "Pictures can be lost at once."
  }

  assert {
    condition     = length(google_storage_bucket.images.versioning) == 0
    error_message = "With versions the images bucket would not tell of deletions."
  }

  # Events come again until they are taken in.

  assert {
    condition     = google_cloudfunctions2_function.this["embed_on_upload"].event_trigger[0].retry_policy == "RETRY_POLICY_RETRY"
    error_message = "A finalized picture that fails once is lost."
  }

  assert {
    condition     = alltrue([for trigger in google_eventarc_trigger.images : length(trigger.retry_policy) == 0])
    error_message = "A retry_policy of an Eventarc trigger means a single attempt."
  }

  assert {
    condition = toset(concat(
      [google_cloudfunctions2_function.this["embed_on_upload"].event_trigger[0].event_type],
      flatten([for trigger in google_eventarc_trigger.images : [for one in trigger.matching_criteria : one.value if one.attribute == "type"]]),
    )) == toset([for kind in ["finalized", "deleted", "metadataUpdated"] : "google.cloud.storage.object.v1.${kind}"])
    error_message = "embed_on_upload does not hear of everything that happens to a picture."
  }

  assert {
    condition     = alltrue([for function, resource in google_cloudfunctions2_function.this : length(resource.event_trigger) == (function == "embed_on_upload" ? 1 : 0)])
    error_message = "Only embed_on_upload is woken by events."
  }

  # Every function has an account of its own.

  assert {
    condition = (
      toset([for resource in google_cloudfunctions2_function.this : resource.service_config[0].service_account_email]) ==
      toset([for one in ["register", "recommend", "embed", "compact", "inspect"] : "${one}@shop.iam.gserviceaccount.com"])
    )
    error_message = "Two functions run as one account."
  }

  assert {
    condition     = alltrue([for resource in google_cloudfunctions2_function.this : resource.build_config[0].service_account == google_service_account.build.id])
    error_message = "A function is built by the default account, which has no rights."
  }

  assert {
    condition = length(setintersection(["roles/owner", "roles/editor", "roles/viewer"], concat(
      [for grant in google_project_iam_member.profiles : grant.role],
      [google_project_iam_member.build_logs.role, google_project_iam_member.build_reads_copies.role],
      [google_project_iam_member.events_received.role, google_project_iam_member.storage_publishes.role],
    ))) == 0
    error_message = "An account of the stack has a primitive role."
  }

  # An account may do what it needs and no more.

  assert {
    condition     = keys(google_project_iam_member.profiles) == ["recommend", "register"]
    error_message = "Only register and recommend know shoppers."
  }

  assert {
    condition     = alltrue([for grant in google_project_iam_member.profiles : grant.condition[0].expression == "resource.name == \"projects/shop/databases/stylekin\""])
    error_message = "Profiles of another environment could be read."
  }

  assert {
    condition     = !strcontains(google_storage_bucket_iam_member.catalogue_writers["embed_on_upload"].condition[0].expression, "objects/womenswear/\")")
    error_message = "embed_on_upload could change a manifest."
  }

  assert {
    condition     = alltrue([for grant in google_storage_bucket_iam_member.catalogue_writers : !strcontains(grant.condition[0].expression, "/models/")])
    error_message = "A function could change a model."
  }

  assert {
    condition     = toset(google_project_iam_custom_role.touch.permissions) == toset(["storage.objects.get", "storage.objects.list", "storage.objects.update"])
    error_message = "compact_catalogue could add or delete pictures."
  }

  assert {
    condition     = google_storage_bucket_iam_member.images_lister.role == "roles/storage.legacyBucketReader" && !contains(keys(google_storage_bucket_iam_member.catalogue_writers), "inspect_catalogue")
    error_message = "inspect_catalogue could read a picture, or write."
  }

  # The database is hard to lose.

  assert {
    condition     = google_firestore_database.profiles.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    error_message = "The database can be deleted."
  }

  assert {
    condition     = google_firestore_database.profiles.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    error_message = "What was overwritten cannot be read again."
  }

  assert {
    condition     = google_firestore_field.expires.field == "expires" && length(google_firestore_field.expires.ttl_config) == 1
    error_message = "Old history stays for ever."
  }

  # The curl lines send an identity.

  assert {
    condition     = length(regexall("X-Serverless-Authorization", output.try)) == 3 && length(regexall("curl ", output.try)) == 3
    error_message = "Found ${output.try}"
  }

  # Everything is in the region.

  assert {
    condition     = toset([google_storage_bucket.images.location, google_storage_bucket.catalogue.location, google_firestore_database.profiles.location_id, google_cloudfunctions2_function.this["recommend"].location]) == toset(["europe-west1"])
    error_message = "Not everything is in the region."
  }

  assert {
    condition     = toset(concat([google_cloudfunctions2_function.this["embed_on_upload"].event_trigger[0].trigger_region], [for trigger in google_eventarc_trigger.images : trigger.location])) == toset(["europe-west1"])
    error_message = "A trigger is not where the pictures are."
  }

  # There is no web app without an image.

  assert {
    condition     = length(google_cloud_run_v2_service.app) + length(google_service_account.app) == 0
    error_message = "There is a web app, or its account."
  }
}

run "names_begin_with_the_environment" {
  command = plan

  variables {
    name   = "stylekin-test"
    labels = { team = "search" }
  }

  assert {
    condition     = google_cloudfunctions2_function.this["embed_on_upload"].name == "stylekin-test-embed-on-upload"
    error_message = "Found ${google_cloudfunctions2_function.this["embed_on_upload"].name}."
  }

  assert {
    condition     = google_storage_bucket.images.name == "shop-stylekin-test-images"
    error_message = "Found ${google_storage_bucket.images.name}."
  }

  assert {
    condition = alltrue([
      for labels in concat(
        [for resource in google_cloudfunctions2_function.this : resource.labels],
        [for resource in google_eventarc_trigger.images : resource.labels],
        [google_storage_bucket.images.labels, google_storage_bucket.catalogue.labels, google_storage_bucket.sources.labels],
        [google_artifact_registry_repository.images.labels],
      ) : tomap(labels) == tomap({ app = "stylekin", environment = "stylekin-test", team = "search" })
    ])
    error_message = "A resource is not labelled."
  }

  assert {
    condition     = alltrue([for account in google_service_account.function : startswith(account.account_id, "stylekin-test-") && length(account.account_id) <= 30])
    error_message = "An account's id is not the environment's, or too long."
  }
}
