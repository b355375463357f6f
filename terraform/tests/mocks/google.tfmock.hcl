# What Google would make up, in its real form: the provider refuses members and names of any other.

mock_data "google_project" {
  defaults = {
    number = "123456789012"
  }
}

mock_data "google_storage_project_service_account" {
  defaults = {
    email_address = "service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
    member        = "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com"
  }
}

mock_resource "google_service_account" {
  defaults = {
    id     = "projects/shop/serviceAccounts/one@shop.iam.gserviceaccount.com"
    name   = "projects/shop/serviceAccounts/one@shop.iam.gserviceaccount.com"
    email  = "one@shop.iam.gserviceaccount.com"
    member = "serviceAccount:one@shop.iam.gserviceaccount.com"
  }
}

mock_resource "google_project_iam_custom_role" {
  defaults = {
    name = "projects/shop/roles/touch"
  }
}

mock_resource "google_artifact_registry_repository" {
  defaults = {
    id   = "projects/shop/locations/europe-west1/repositories/stylekin"
    name = "stylekin"
  }
}

mock_resource "google_monitoring_notification_channel" {
  defaults = {
    id = "projects/shop/notificationChannels/1"
  }
}
