# What is deployed: the staged folders, which are what the tests run. `make stage` makes them.

locals {
  root   = "${path.module}/.."
  staged = coalesce(var.staged, "${local.root}/build")
  models = coalesce(var.models, "${local.root}/models")

  # shared/departments.py names the same, and a test holds it.
  departments   = ["womenswear", "menswear"]
  without_model = [for one in local.departments : one if length(fileset(local.models, "${one}/*/card.json")) == 0]

  # What a staged folder has to hold (scripts/stage.py), and what it holds: path and digest of each file.
  shared = { for file in fileset(local.root, "shared/**/*.py") : file => filesha256("${local.root}/${file}") }
  wanted = {
    for function in keys(local.functions) : function => merge(local.shared, {
      for file in ["main.py", "requirements.txt"] : file => filesha256("${local.root}/functions/${function}/${file}")
    })
  }
  found = {
    for function in keys(local.functions) : function => {
      for file in fileset("${local.staged}/${function}", "**") : file => filesha256("${local.staged}/${function}/${file}")
      if !strcontains(file, "__pycache__/")
    }
  }
}

data "archive_file" "function" {
  for_each = local.functions

  type             = "zip"
  source_dir       = "${local.staged}/${each.key}"
  output_path      = "${local.staged}/${each.key}.zip"
  output_file_mode = "0644" # the same bytes whatever the umask
  excludes         = ["**/__pycache__/**"]

  lifecycle {
    precondition {
      condition     = contains(keys(local.found[each.key]), "main.py")
      error_message = "${local.staged}/${each.key}: expected the staged function ${each.key}, found no main.py. Run `make stage` first."
    }
    precondition {
      condition     = !contains(keys(local.found[each.key]), "main.py") || local.found[each.key] == local.wanted[each.key]
      error_message = "${local.staged}/${each.key}: expected what functions/${each.key} and shared/ hold now, found something else. Run `make stage` again."
    }
  }
}

# Named by what is in it: changed code is a new object and so a new deployment, unchanged code is neither.
resource "google_storage_bucket_object" "function" {
  for_each = local.functions

  bucket = google_storage_bucket.sources.name
  name   = "${each.key}/${sha256(jsonencode(local.found[each.key]))}.zip"
  source = data.archive_file.function[each.key].output_path
}

# Where Cloud Build puts the functions' images, and the web app's.
resource "google_artifact_registry_repository" "images" {
  # checkov:skip=CKV_GCP_84: a key of one's own is a choice; kms_key makes it
  location      = var.region
  repository_id = var.name
  description   = "Images of the functions and of the web app"
  format        = "DOCKER"
  kms_key_name  = var.kms_key
  labels        = local.labels

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s" # 30 days
    }
  }
  cleanup_policies {
    id     = "keep-last"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }

  depends_on = [google_project_service.this, google_kms_crypto_key_iam_member.agents]
}
