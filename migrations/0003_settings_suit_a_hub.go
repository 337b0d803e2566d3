package migrations

import "github.com/pocketbase/pocketbase/core"

// The house gets its name, limits on hurried callers and short logs without
// addresses. Letters stay switched off until an administrator enters a mail server.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		settings, err := app.Settings().Clone()
		if err != nil {
			return err
		}
		settings.Meta.AppName = "Simpul Lima"
		settings.Meta.SenderName = "Simpul Lima"
		settings.Meta.AccentColor = "#0b3a5b"
		// Fields are changed by migrations only; the admin UI hides its schema controls.
		settings.Meta.HideControls = true
		settings.Logs.MaxDays = 5
		settings.Logs.LogIP = false
		settings.SMTP.Enabled = false
		settings.Batch.Enabled = false
		settings.RateLimits.Enabled = true
		settings.RateLimits.Rules = hubLimits()
		return app.Save(settings)
	}, resetSettings)
}

// hubLimits slows guessing down without locking out an office that shares one
// address: thirty people can sign in within the same minute. Each limit is for
// one address, in requests per so many seconds; a page counts at its own
// address and again at the address of PocketBase's API that it asks. Guessing
// at one account's code is limited by PocketBase itself to five tries in three
// minutes. A label that ends in a slash means everything below it.
func hubLimits() []core.RateLimitRule {
	return []core.RateLimitRule{
		{Label: "POST /sign-in", MaxRequests: 30, Duration: minute},
		{Label: "POST /sign-in/code", MaxRequests: 30, Duration: minute},
		{Label: "POST /sign-in/reset/", MaxRequests: 10, Duration: minute},
		{Label: "POST /sign-in/new-address/", MaxRequests: 10, Duration: minute},
		{Label: "POST /api/collections/users/request-otp", MaxRequests: 30, Duration: minute},
		{Label: "*:requestPasswordReset", MaxRequests: 10, Duration: minute},
		{Label: "*:confirmEmailChange", MaxRequests: 10, Duration: minute},
		// A password typed on the page is tried as a user's and as an administrator's.
		{Label: "*:auth", MaxRequests: 60, Duration: minute},
		{Label: "*:create", MaxRequests: 60, Duration: 10},
		{Label: "/api/", MaxRequests: 300, Duration: 10},
	}
}

// resetSettings puts back the values PocketBase starts with.
func resetSettings(app core.App) error {
	settings, err := app.Settings().Clone()
	if err != nil {
		return err
	}
	settings.Meta.AppName = "Acme"
	settings.Meta.SenderName = "Support"
	settings.Meta.AccentColor = "#1055c9"
	settings.Meta.HideControls = false
	settings.Logs.LogIP = true
	settings.RateLimits.Enabled = false
	settings.RateLimits.Rules = []core.RateLimitRule{
		{Label: "*:auth", MaxRequests: 2, Duration: 3},
		{Label: "*:create", MaxRequests: 20, Duration: 5},
		{Label: "/api/batch", MaxRequests: 3, Duration: 1},
		{Label: "/api/", MaxRequests: 300, Duration: 10},
	}
	return app.Save(settings)
}
