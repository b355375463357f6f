# The shoppers' profiles. They are found by their key alone, so no composite index is needed.

locals {
  # As the adapter of firestore:// names them.
  profiles = { collection = "profiles", content = "profile", expires = "expires" }
}

resource "google_firestore_database" "profiles" {
  name        = var.name
  location_id = coalesce(var.database_location, var.region)
  type        = "FIRESTORE_NATIVE"

  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON" # `terraform destroy` forgets it, and deletes no shopper

  dynamic "cmek_config" {
    for_each = var.kms_key[*]
    content {
      kms_key_name = cmek_config.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

# Nothing searches inside a profile either: an index would be paid with every write, for nothing.
resource "google_firestore_field" "content" {
  database   = google_firestore_database.profiles.name
  collection = local.profiles.collection
  field      = local.profiles.content

  index_config {}
}

# A profile nobody used for long goes with its history.
resource "google_firestore_field" "expires" {
  database   = google_firestore_database.profiles.name
  collection = local.profiles.collection
  field      = local.profiles.expires

  ttl_config {}

  # Nothing searches by it, and an index on a time that always grows becomes a hot spot.
  index_config {}
}
