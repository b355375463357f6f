# Items in a database of their own, where they do not fit into the memory of recommend: docs/engines.md.

locals {
  # As shared/storage/firestore_items.py names them; a test holds it.
  items = { collection = "items", labels = "labels", vector = "vector", content = "row" }
  # Who joins what happened, and who looks for items.
  joiners = toset(var.catalogue_engine == "firestore" ? ["recommend", "embed_on_upload", "compact_catalogue"] : [])
}

resource "google_firestore_database" "items" {
  count = var.catalogue_engine == "firestore" ? 1 : 0

  name        = "${var.name}-items"
  location_id = coalesce(var.database_location, var.region)
  type        = "FIRESTORE_NATIVE"

  # It can be filled again from the catalogue.
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_DISABLED"
  delete_protection_state           = "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = "DELETE"

  dynamic "cmek_config" {
    for_each = var.kms_key[*]
    content {
      kms_key_name = cmek_config.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

# Every search asks for a label and is the nearest of those that have it. An index knows one width of vectors.
resource "google_firestore_index" "nearest" {
  for_each = toset(var.catalogue_engine == "firestore" ? [for width in var.engine_widths : tostring(width)] : [])

  database    = google_firestore_database.items[0].name
  collection  = local.items.collection
  query_scope = "COLLECTION"

  fields {
    field_path   = local.items.labels
    array_config = "CONTAINS"
  }

  fields {
    field_path = local.items.vector

    vector_config {
      dimension = tonumber(each.value)
      flat {}
    }
  }
}

# Nothing searches inside a row.
resource "google_firestore_field" "row" {
  count = var.catalogue_engine == "firestore" ? 1 : 0

  database   = google_firestore_database.items[0].name
  collection = local.items.collection
  field      = local.items.content

  index_config {}
}

# recommend reads items, embed_on_upload and compact_catalogue join what happened; none of the latter two
# comes near the profiles by this.
resource "google_project_iam_member" "items" {
  for_each = local.joiners

  project = var.project
  role    = each.key == "recommend" ? "roles/datastore.viewer" : "roles/datastore.user"
  member  = google_service_account.function[each.key].member

  condition {
    title      = "${var.name} items"
    expression = "resource.name == \"projects/${var.project}/databases/${google_firestore_database.items[0].name}\""
  }
}
