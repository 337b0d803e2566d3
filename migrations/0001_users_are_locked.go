package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/dbutils"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	minute    = 60
	dayLength = 24 * 60 * minute
)

// Nobody signs up by themselves: people are invited. A one-time code or a
// password signs in, for two weeks, unless the account is disabled.
func init() {
	core.AppMigrations.Register(lockUsers, unlockUsers)
}

func lockUsers(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.ListRule, users.ViewRule, users.CreateRule, users.UpdateRule, users.DeleteRule = nil, nil, nil, nil, nil
	users.Fields.Add(flag("disabled",
		"Akun tidak boleh masuk lagi. / The account may not sign in any more.", hidden))
	users.AuthRule = types.Pointer("disabled = false")
	users.AuthToken.Duration = 14 * dayLength
	users.PasswordAuth.Enabled = true
	users.OAuth2.Enabled = false
	users.OTP.Enabled = true
	users.OTP.Length = 6
	users.OTP.Duration = 10 * minute
	// Mobile networks change addresses all day, so every sign-in would look new.
	users.AuthAlert.Enabled = false
	users.OTP.EmailTemplate = codeLetter
	users.ResetPasswordTemplate = resetLetter
	users.VerificationTemplate = verificationLetter
	users.ConfirmEmailChangeTemplate = newAddressLetter
	users.AuthAlert.EmailTemplate = alertLetter
	users.Fields.GetByName(core.FieldNameEmail).(*core.EmailField).Required = false
	users.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField).Min = 10
	// Phones write a capital first; the address is the same for all that.
	findByEmail(users, "`email` COLLATE NOCASE")
	if err := app.Save(users); err != nil {
		return err
	}
	return setSuperuserToken(app, dayLength)
}

// unlockUsers puts back what PocketBase itself sets up for users.
func unlockUsers(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	fresh := core.NewAuthCollection("users")
	own := "id = @request.auth.id"
	users.ListRule, users.ViewRule = types.Pointer(own), types.Pointer(own)
	users.UpdateRule, users.DeleteRule = types.Pointer(own), types.Pointer(own)
	users.CreateRule = types.Pointer("")
	users.AuthRule = fresh.AuthRule
	users.Fields.RemoveByName("disabled")
	users.AuthToken.Duration = fresh.AuthToken.Duration
	users.OTP = fresh.OTP
	users.AuthAlert = fresh.AuthAlert
	users.ResetPasswordTemplate = fresh.ResetPasswordTemplate
	users.VerificationTemplate = fresh.VerificationTemplate
	users.ConfirmEmailChangeTemplate = fresh.ConfirmEmailChangeTemplate
	users.Fields.GetByName(core.FieldNameEmail).(*core.EmailField).Required = true
	users.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField).Min = 8
	findByEmail(users, "`email`")
	return app.Save(users)
}

// findByEmail replaces the index by which PocketBase finds who signs in; it
// compares addresses as the index does.
func findByEmail(users *core.Collection, column string) {
	name := "idx_email_" + users.Id
	for _, raw := range users.Indexes {
		if index := dbutils.ParseIndex(raw); len(index.Columns) == 1 && index.Columns[0].Name == core.FieldNameEmail {
			name = index.IndexName
		}
	}
	users.RemoveIndex(name)
	users.AddIndex(name, true, column, "`email` != ''")
}

// setSuperuserToken limits how long an administrator stays signed in, in seconds.
func setSuperuserToken(app core.App, seconds int64) error {
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	superusers.AuthToken.Duration = seconds
	return app.Save(superusers)
}
