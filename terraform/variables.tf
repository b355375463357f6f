variable "project" {
  description = "Id of the project everything is made in."
  type        = string
}

variable "name" {
  description = "What every resource's name begins with. Two environments in one project have two names."
  type        = string
  default     = "stylekin"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,18}[a-z0-9]$", var.name))
    error_message = "name: expected 4 to 20 lowercase letters, digits and hyphens, beginning with a letter, found ${jsonencode(var.name)}."
  }
}

variable "region" {
  description = "Where the functions run, and everything lies that no other variable puts elsewhere."
  type        = string
  default     = "europe-west1"
}

variable "storage_location" {
  description = "Where pictures and catalogue lie: a region, two (EUR4, NAM4) or several (EU, US). Null: the region."
  type        = string
  default     = null
}

variable "trigger_location" {
  description = "Where storage events come from. Null: where the pictures lie, and nothing else works."
  type        = string
  default     = null
}

variable "database_location" {
  description = "Where profiles lie: a region, eur3 or nam5. It can never be changed. Null: the region."
  type        = string
  default     = null
}

variable "public" {
  description = "Whether anybody may call register, recommend and the web app. Otherwise only `invokers` may."
  type        = bool
  default     = false
}

variable "invokers" {
  description = "Who may call register, recommend and the web app: user:…, group:…, serviceAccount:…"
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.invokers : can(regex("^(user|group|serviceAccount|domain):.+$", one))])
    error_message = "invokers: expected user:…, group:…, serviceAccount:… or domain:…; to let anybody call set public = true."
  }
}

variable "merchandisers" {
  description = "Who may call inspect_catalogue, and open its page if there is an image of it: user:…, group:…, serviceAccount:…"
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.merchandisers : can(regex("^(user|group|serviceAccount|domain):.+$", one))])
    error_message = "merchandisers: expected user:…, group:…, serviceAccount:… or domain:…; inspect_catalogue is never open to everybody."
  }
}

variable "warm" {
  description = "Functions that keep an instance running, so that nobody waits for a start. It costs all day."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for one in var.warm : contains(["register", "recommend", "embed_on_upload"], one)])
    error_message = "warm: expected functions among register, recommend, embed_on_upload, found ${join(", ", var.warm)}."
  }
}

variable "memory" {
  description = "Memory of functions that need more than they have by default: { compact_catalogue = \"2Gi\" }."
  type        = map(string)
  default     = {}
}

variable "catalogue_max_age" {
  description = "Seconds a reader goes without looking for news of the catalogue, 0 to 3600."
  type        = number
  default     = 10

  validation {
    condition     = var.catalogue_max_age >= 0 && var.catalogue_max_age <= 3600
    error_message = "catalogue_max_age: expected 0 to 3600 seconds, found ${var.catalogue_max_age}."
  }
}

variable "catalogue_engine" {
  description = "Where recommend finds items: memory, or firestore where they are too many for it. See docs/engines.md."
  type        = string
  default     = "memory"

  validation {
    condition     = contains(["memory", "firestore"], var.catalogue_engine)
    error_message = "catalogue_engine: expected memory or firestore, found ${jsonencode(var.catalogue_engine)}."
  }
}

variable "engine_widths" {
  description = "Widths of the vectors that the engine's indexes are made for: that of each model's card, live or coming."
  type        = set(number)
  default     = [768]

  validation {
    condition     = alltrue([for width in var.engine_widths : width >= 1 && width <= 2048])
    error_message = "engine_widths: expected widths of 1 to 2048, found ${jsonencode(var.engine_widths)}."
  }
}

variable "encoder_threads" {
  description = "Threads of one network's run. One is best while pictures are embedded side by side."
  type        = number
  default     = 1
}

variable "cors_origins" {
  description = "Web pages that may call register and recommend from a browser: https://HOST."
  type        = list(string)
  default     = []
}

variable "compaction_schedule" {
  description = "When the catalogue's log is folded, in cron's five fields, UTC."
  type        = string
  default     = "*/15 * * * *"
}

variable "app_image" {
  description = "Image of the web app, such as europe-west1-docker.pkg.dev/…/app:TAG. Null: no web app."
  type        = string
  default     = null
}

variable "alert_emails" {
  description = "Who is told when something is wrong. Nobody: the alerts show in the console only."
  type        = set(string)
  default     = []
}

variable "billing_account" {
  description = "Billing account to watch, such as 012345-6789AB-CDEF01. Null: no budget alert."
  type        = string
  default     = null
}

variable "monthly_budget" {
  description = "Whole units of the billing account's currency a month; told at 50, 90 and 100 % and when foreseen."
  type        = number
  default     = 50
}

variable "kms_key" {
  description = "Full name of a Cloud KMS key for everything stored, in the region. Null: Google's own keys."
  type        = string
  default     = null
}

variable "repository" {
  description = "Full name of a Cloud Build repository that deploys itself. Null: no triggers."
  type        = string
  default     = null
}

variable "state_bucket" {
  description = "Bucket of Terraform's state, for the triggers. Needed with `repository`."
  type        = string
  default     = null

  validation {
    condition     = var.repository == null || var.state_bucket != null
    error_message = "state_bucket: expected the bucket of Terraform's state, since repository is set, found null."
  }
}

variable "labels" {
  description = "Labels of your own for everything that takes labels."
  type        = map(string)
  default     = {}
}

variable "staged" {
  description = "Folder of the staged functions. Null: build/ beside this folder, where `make stage` puts them."
  type        = string
  default     = null
}

variable "models" {
  description = "Folder of the model bundles. Null: models/ beside this folder."
  type        = string
  default     = null
}
