# With a key of one's own: Google's services may use it for what they store, and nobody else.

locals {
  agents = var.kms_key == null ? {} : {
    storage          = data.google_storage_project_service_account.this.email_address
    firestore        = "service-${data.google_project.this.number}@gcp-sa-firestore.iam.gserviceaccount.com"
    artifactregistry = "service-${data.google_project.this.number}@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    functions        = "service-${data.google_project.this.number}@gcf-admin-robot.iam.gserviceaccount.com"
    run              = "service-${data.google_project.this.number}@serverless-robot-prod.iam.gserviceaccount.com"
    eventarc         = "service-${data.google_project.this.number}@gcp-sa-eventarc.iam.gserviceaccount.com"
  }
}

resource "google_kms_crypto_key_iam_member" "agents" {
  for_each = local.agents

  crypto_key_id = var.kms_key
  # Each encrypts what it stores for us and decrypts it when we read.
  role   = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member = "serviceAccount:${each.value}"

  depends_on = [time_sleep.services]
}
