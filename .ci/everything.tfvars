# Every choice that adds something to the stack, for the checks that read a whole plan.
alert_emails    = ["shop@example.com"]
app_image       = "europe-west1-docker.pkg.dev/shop/stylekin/app:1"
billing_account = "012345-6789AB-CDEF01"
cors_origins    = ["https://shop.example"]
invokers        = ["group:shop@example.com"]
kms_key         = "projects/shop/locations/europe-west1/keyRings/stylekin/cryptoKeys/all"
merchandisers   = ["group:buyers@example.com"]
public          = true
repository      = "projects/shop/locations/europe-west1/connections/code/repositories/shop"
state_bucket    = "shop-state"
warm            = ["recommend"]
