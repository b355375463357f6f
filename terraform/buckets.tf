# Three buckets: the shop's pictures, the catalogue made of them, the functions' sources.

locals {
  storage_location = coalesce(var.storage_location, var.region)
  history_seconds  = 30 * 24 * 60 * 60
}

# No versions here: a bucket with versions tells of a deleted picture as archived, and no event says that
# it is gone. What is deleted or replaced can be brought back for 30 days all the same.
resource "google_storage_bucket" "images" {
  # checkov:skip=CKV_GCP_78: see above; soft delete keeps what is deleted or replaced
  # checkov:skip=CKV_GCP_62: every reader is named in identities.tf; who wants each read on record switches on Data Access audit logs
  # checkov:skip=CKV_GCP_63: it has no log of its own, see above
  name                        = "${var.project}-${var.name}-images"
  location                    = local.storage_location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false # a destroy stops here while there are pictures
  labels                      = local.labels

  soft_delete_policy {
    retention_duration_seconds = local.history_seconds
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 1
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

# Everything but the manifests is written once. Versions keep the manifests' history and what compaction
# deletes; the rule ends both.
resource "google_storage_bucket" "catalogue" {
  # checkov:skip=CKV_GCP_62: every reader is named in identities.tf; who wants each read on record switches on Data Access audit logs
  # checkov:skip=CKV_GCP_63: it has no log of its own, see above
  name                        = "${var.project}-${var.name}-catalogue"
  location                    = local.storage_location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # it can be made again from the pictures and tables
  labels                      = local.labels

  versioning {
    enabled = true
  }

  # Versions do the same; both together would be paid twice.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 30
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 1
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  lifecycle {
    precondition {
      condition     = var.kms_key == null || lower(local.storage_location) == var.region
      error_message = "storage_location: expected the region ${var.region}, where the key of kms_key is, found ${local.storage_location}. A key serves its own location only: leave storage_location out, or kms_key."
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}

resource "google_storage_bucket" "sources" {
  # checkov:skip=CKV_GCP_62: every reader is named in identities.tf; who wants each read on record switches on Data Access audit logs
  # checkov:skip=CKV_GCP_63: it has no log of its own, see above
  name                        = "${var.project}-${var.name}-sources"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  labels                      = local.labels

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  # By version and not by age: the source of a function that is not changed for a year must stay.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 30
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key[*]
    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}
