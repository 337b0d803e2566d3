package migrations

import "github.com/pocketbase/pocketbase/core"

// The e-mails PocketBase itself sends, Indonesian first, English below: for when
// the recipient's language is unknown. Links lead to the hub's own pages, never
// to the admin UI.
var (
	// The code comes first: on a small phone the notification already shows it.
	codeEmail = core.EmailTemplate{
		Subject: "{OTP} adalah kode masuk {APP_NAME} / is your {APP_NAME} code",
		Body: `<p><strong>{OTP}</strong></p>
<p>Kode masuk Anda ke {APP_NAME}. Berlaku 10 menit dan hanya sekali pakai. Jangan berikan kode ini kepada siapa pun.</p>
<p>Jika Anda tidak memintanya, abaikan email ini.</p>
<hr>
<p lang="en">Your sign-in code for {APP_NAME}. It is valid for 10 minutes and works once. Give it to nobody.
If you did not ask for it, ignore this email.</p>`,
	}
	resetEmail = core.EmailTemplate{
		Subject: "Kata sandi baru untuk {APP_NAME} / New password for {APP_NAME}",
		Body: `<p>Ada permintaan kata sandi baru untuk akun Anda di {APP_NAME}. Tautan ini berlaku 30 menit:</p>
<p><a href="{APP_URL}/sign-in/reset/{TOKEN}">Buat kata sandi baru</a></p>
<p>Jika bukan Anda yang meminta, abaikan email ini; kata sandi lama tetap berlaku.</p>
<hr>
<p lang="en">Somebody asked for a new password for your {APP_NAME} account.
<a href="{APP_URL}/sign-in/reset/{TOKEN}">Choose a new password</a> within 30 minutes.
If it was not you, ignore this email; the old password stays.</p>`,
	}
	verificationEmail = core.EmailTemplate{
		Subject: "Konfirmasi alamat email Anda di {APP_NAME} / Confirm your address for {APP_NAME}",
		Body: `<p>Konfirmasi bahwa alamat email ini milik Anda:</p>
<p><a href="{APP_URL}/sign-in/verify/{TOKEN}">Ya, ini alamat saya</a></p>
<p>Jika Anda tidak mengenal {APP_NAME}, abaikan email ini.</p>
<hr>
<p lang="en">Confirm that this address is yours:
<a href="{APP_URL}/sign-in/verify/{TOKEN}">yes, this is my address</a>.
If you do not know {APP_NAME}, ignore this email.</p>`,
	}
	newAddressEmail = core.EmailTemplate{
		Subject: "Alamat email baru di {APP_NAME} / Your new address for {APP_NAME}",
		Body: `<p>Akun Anda di {APP_NAME} akan memakai alamat email ini. Tautan ini berlaku 30 menit:</p>
<p><a href="{APP_URL}/sign-in/new-address/{TOKEN}">Pakai alamat ini</a></p>
<p>Jika bukan Anda yang meminta, abaikan email ini.</p>
<hr>
<p lang="en">Your {APP_NAME} account is about to use this address.
<a href="{APP_URL}/sign-in/new-address/{TOKEN}">Use this address</a> within 30 minutes.
If it was not you, ignore this email.</p>`,
	}
	// Alerts are off; this is the text for a hub that switches them on.
	alertEmail = core.EmailTemplate{
		Subject: "Masuk dari perangkat baru / Sign-in from a new device",
		Body: `<p>Akun Anda di {APP_NAME} baru saja dipakai masuk dari perangkat lain:</p>
<p>{ALERT_INFO}</p>
<p>Jika bukan Anda, segera ganti kata sandi; semua perangkat lain langsung keluar.</p>
<hr>
<p lang="en">Your {APP_NAME} account was used from another device. If it was not you,
change your password now; every other device is signed out at once.</p>`,
	}
	administratorAlert = core.EmailTemplate{
		Subject: "{APP_NAME}: masuk dari tempat baru / sign-in from a new place",
		Body: `<p>Akun administrator Anda di {APP_NAME} baru saja dipakai masuk dari tempat yang belum dikenal:</p>
<p><em>{ALERT_INFO}</em></p>
<p><strong>Jika bukan Anda, segera ganti kata sandi akun itu; semua tempat lain langsung keluar.</strong> Jika memang Anda,
abaikan email ini.</p>
<hr>
<p lang="en">Your administrator account of {APP_NAME} was just used from a new place, named above. <strong>If it was not you,
change its password now; every other place is signed out at once.</strong> If it was you, ignore this email.</p>`,
	}
)
