package migrations

import "github.com/pocketbase/pocketbase/core"

// What a partner gave: who gave, through whom, to whom, counted once under the
// giver. The giver writes the gift; receipt and review belong to others.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		fields := append(gift(), giftBackground()...)
		return create(app, "contributions", append(fields, giftReview()...), []index{
			sorted("programme", "given_on"),
			sorted("programme", "review_status", "given_on"),
			sorted("contributor", "given_on"),
			sorted("channelled_through"),
			sorted("recipient", "given_on"),
			sorted("pledge"),
			sorted("task"),
			sorted("logged_by"),
			sorted("received_by"),
			sorted("reviewed_by"),
			sorted("review_status", "submitted_at"),
			uniqueWhere("`number` != ''", "number"),
			onceOnly(),
		})
	}, remove("contributions"))
}

func gift() []core.Field {
	return []core.Field{
		inProgramme(),
		to("contributor", "organisations", "Pemberi. / Giver.", required, presentable),
		to("channelled_through", "organisations", "Disalurkan melalui; tidak dihitung dua kali. / Channelled through; not counted twice."),
		to("recipient", "organisations", "Penerima. / Receiver."),
		oneOf("kind", contributionKinds(), "Jenis kontribusi. / Kind of contribution.", required),
		text("item", nameMax, "Apa yang diberikan. / What was given.", required, presentable),
		quantity("quantity", "Jumlah, lebih dari nol. / Quantity, above zero.", required, presentable),
		oneOf("unit", contributionUnits(), "Satuan. / Unit.", required, presentable),
		day("given_on", "Tanggal diberikan (TTTT-BB-HH). / Day it was given (YYYY-MM-DD).", required),
		oneOf("stage", []string{"pledged", "delivered"}, "Komitmen atau sudah direalisasikan. / Pledged or delivered."),
		to("pledge", "contributions", "Komitmen yang direalisasikan. / Pledge this delivers."),
	}
}

func giftBackground() []core.Field {
	return []core.Field{
		oneOf("review_status", []string{"draft", "submitted", "needs_revision", "verified", "rejected", "withdrawn"},
			"Keadaan pemeriksaan; berubah lewat tindakan bernama saja. / State of the review; moves by named actions only."),
		rupiah("value_idr", "Nilai taksiran dalam rupiah penuh. / Estimated value in whole rupiah."),
		oneOf("value_basis", []string{"cash", "invoice", "market_estimate", "not_valued"}, "Dasar nilai. / Basis of the value."),
		text("place", nameMax, "Tempat. / Place."),
		whole("people_reached", span{0, 1_000_000_000}, "Jumlah orang yang terbantu; hanya jumlah. / People reached; a count only."),
		text("note", 5000, "Catatan, tanpa nama penerima manfaat. / Note, without beneficiaries' names."),
		to("task", "tasks", "Tugas yang dipenuhi. / Task it fulfils."),
		to("logged_by", "users", "Siapa yang mencatat; diisi otomatis. / Who logged it; kept by the hub."),
		flag("on_behalf", "Dicatat tim atas nama mitra. / Logged by the team on a partner's behalf."),
		formKey(),
	}
}

func giftReview() []core.Field {
	return []core.Field{
		quantity("received_quantity", "Jumlah yang diterima. / Quantity received."),
		to("received_by", "users", "Siapa yang menerima. / Who received it."),
		instant("received_at", "Kapan diterima. / When it was received."),
		quantity("verified_quantity", "Jumlah terverifikasi; tidak berubah lagi. / Verified quantity; frozen."),
		rupiah("verified_value_idr", "Nilai terverifikasi; tidak berubah lagi. / Verified value; frozen."),
		instant("submitted_at", "Kapan diajukan; diisi otomatis. / When it was submitted; kept by the hub."),
		to("reviewed_by", "users", "Siapa yang memeriksa; diisi otomatis. / Who reviewed it; kept by the hub."),
		instant("reviewed_at", "Kapan diperiksa; diisi otomatis. / When it was reviewed; kept by the hub."),
		text("review_note", 2000, "Alasan dikembalikan atau ditolak. / Reason for returning or refusing it."),
		text("number", 60, "Nomor tanda terima; diberikan saat diajukan. / Number of the receipt; given at submission."),
	}
}

func contributionKinds() []string {
	return []string{"goods", "money", "hours", "labour", "service", "venue", "equipment_loan", "knowledge",
		"training", "publicity", "market_access", "policy", "other"}
}

func contributionUnits() []string {
	return []string{"unit", "piece", "set", "package", "kg", "litre", "rupiah", "person_hour", "person_day", "session",
		"person_served", "activity", "day", "unit_day", "module", "study", "participant", "news_item", "broadcast",
		"post", "business", "document", "other"}
}
