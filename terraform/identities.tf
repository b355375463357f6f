# Who runs what, and what each may do: a grant's comment says why it is needed.

resource "google_service_account" "function" {
  for_each = { for function in keys(local.functions) : function => split("_", function)[0] }

  account_id   = "${var.name}-${each.value}"
  display_name = "${var.name}: runs ${each.key}"

  depends_on = [google_project_service.this]
}

resource "google_service_account" "build" {
  account_id   = "${var.name}-build"
  display_name = "${var.name}: builds the functions"

  depends_on = [google_project_service.this]
}

resource "google_service_account" "events" {
  account_id   = "${var.name}-events"
  display_name = "${var.name}: delivers storage events"

  depends_on = [google_project_service.this]
}

resource "google_service_account" "scheduler" {
  account_id   = "${var.name}-scheduler"
  display_name = "${var.name}: asks for compaction"

  depends_on = [google_project_service.this]
}

locals {
  # How an object is called in a condition.
  objects = "projects/_/buckets/${google_storage_bucket.catalogue.name}/objects"
  # What the functions write lies below the departments; models are published by people.
  written = {
    embed_on_upload   = [for pair in setproduct(local.departments, ["deltas", "rejected"]) : join("/", pair)]
    compact_catalogue = local.departments
  }
}

# Profiles are read and written, in this environment's database and no other.
resource "google_project_iam_member" "profiles" {
  for_each = local.http

  project = var.project
  role    = "roles/datastore.user"
  member  = google_service_account.function[each.key].member

  condition {
    title      = "${var.name} profiles"
    expression = "resource.name == \"projects/${var.project}/databases/${google_firestore_database.profiles.name}\""
  }
}

# recommend reads catalogue and models; embed_on_upload reads what is known already, and the models;
# compact_catalogue reads what it folds, and inspect_catalogue all that the others left there. All of them list.
resource "google_storage_bucket_iam_member" "catalogue_readers" {
  for_each = toset(["recommend", "embed_on_upload", "compact_catalogue", "inspect_catalogue"])

  bucket = google_storage_bucket.catalogue.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.function[each.key].member
}

# embed_on_upload writes deltas and rejections and takes rejections back; compact_catalogue writes snapshots
# and manifests and deletes what it folded. Neither can change a model, nor embed_on_upload a manifest.
resource "google_storage_bucket_iam_member" "catalogue_writers" {
  for_each = local.written

  bucket = google_storage_bucket.catalogue.name
  role   = "roles/storage.objectUser"
  member = google_service_account.function[each.key].member

  condition {
    title      = "what ${each.key} writes"
    expression = join(" || ", [for folder in each.value : "resource.name.startsWith(\"${local.objects}/${folder}/\")"])
  }
}

# embed_on_upload reads the pictures and tables it is told of.
resource "google_storage_bucket_iam_member" "images_reader" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.function["embed_on_upload"].member
}

# inspect_catalogue tells which pictures an item has: it lists them, and cannot read one.
resource "google_storage_bucket_iam_member" "images_lister" {
  bucket = google_storage_bucket.images.name
  role   = "roles/storage.legacyBucketReader"
  member = google_service_account.function["inspect_catalogue"].member
}

# compact_catalogue lists the pictures, and touches the metadata of those no event told of. No role of
# Google's updates objects without also creating and deleting them.
resource "google_project_iam_custom_role" "touch" {
  role_id     = "${replace(var.name, "-", "_")}_touch"
  title       = "${var.name}: list and touch pictures"
  description = "Make a new event of a picture that is there, and neither add, replace nor delete one"
  permissions = ["storage.objects.get", "storage.objects.list", "storage.objects.update"]

  depends_on = [google_project_service.this]
}

resource "google_storage_bucket_iam_member" "images_toucher" {
  bucket = google_storage_bucket.images.name
  role   = google_project_iam_custom_role.touch.name
  member = google_service_account.function["compact_catalogue"].member
}

# A bucket tells of its objects through Pub/Sub, as Google's own account for storage.
resource "google_project_iam_member" "storage_publishes" {
  project = var.project
  role    = "roles/pubsub.publisher"
  member  = data.google_storage_project_service_account.this.member
}

# Eventarc hands events to triggers that run as this account.
resource "google_project_iam_member" "events_received" {
  project = var.project
  role    = "roles/eventarc.eventReceiver"
  member  = google_service_account.events.member
}

# A build writes its log.
resource "google_project_iam_member" "build_logs" {
  project = var.project
  role    = "roles/logging.logWriter"
  member  = google_service_account.build.member
}

# A build stores the image it made.
resource "google_artifact_registry_repository_iam_member" "build_stores" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

# A build reads the function's source.
resource "google_storage_bucket_iam_member" "build_reads" {
  bucket = google_storage_bucket.sources.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.build.member
}

# Cloud Functions copies the source into a bucket of its own, which it makes at the first deployment.
resource "google_project_iam_member" "build_reads_copies" {
  project = var.project
  role    = "roles/storage.objectViewer"
  member  = google_service_account.build.member

  condition {
    title      = "${var.name} copies of sources"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-\")"
  }
}

# Grants take a minute or two to be known everywhere; a trigger made before is refused.
resource "time_sleep" "grants" {
  create_duration = "120s"

  depends_on = [
    time_sleep.services,
    google_artifact_registry_repository_iam_member.build_stores,
    google_project_iam_member.build_logs,
    google_project_iam_member.build_reads_copies,
    google_project_iam_member.events_received,
    google_project_iam_member.items,
    google_project_iam_member.profiles,
    google_project_iam_member.storage_publishes,
    google_storage_bucket_iam_member.build_reads,
    google_storage_bucket_iam_member.catalogue_readers,
    google_storage_bucket_iam_member.catalogue_writers,
    google_storage_bucket_iam_member.images_lister,
    google_storage_bucket_iam_member.images_reader,
    google_storage_bucket_iam_member.images_toucher,
  ]
}
