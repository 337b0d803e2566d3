package migrations

import "github.com/pocketbase/pocketbase/core"

// Contributions, what other members see of them, and reports of none.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		if err := create(giving)(app); err != nil {
			return err
		}
		view := core.NewViewCollection("verified_contributions")
		view.ViewQuery = verifiedContributions
		return app.Save(view)
	}, nil)
}

var giving = []collection{
	// A contribution of a partner: giver, intermediary and receiver; counted once,
	// under the giver. The giver writes the gift; receipt and review belong to others.
	{name: "contributions", fields: []field{
		inProgramme,
		{"contributor", to("organisations", required, presentable), "Pemberi. / Giver."},
		{"channelled_through", to("organisations"), "Disalurkan melalui; tidak dihitung dua kali. / Channelled through; not counted twice."},
		{"recipient", to("organisations"), "Penerima. / Receiver."},
		{"kind", oneOf(contributionKinds, required), "Jenis kontribusi. / Kind of contribution."},
		{"item", text(nameMax, required, presentable), "Apa yang diberikan. / What was given."},
		{"quantity", quantity(required, presentable), "Jumlah, lebih dari nol. / Quantity, above zero."},
		{"unit", oneOf(contributionUnits, required, presentable), "Satuan. / Unit."},
		{"given_on", day(required), "Tanggal diberikan (TTTT-BB-HH). / Day it was given (YYYY-MM-DD)."},
		{"stage", oneOf(codes("pledged delivered")), "Komitmen atau sudah direalisasikan. / Pledged or delivered."},
		{"pledge", to("contributions"), "Komitmen yang direalisasikan. / Pledge this delivers."},
		{"review_status", oneOf(codes("draft submitted needs_revision verified rejected withdrawn")), "Status pemeriksaan; hanya berubah lewat tindakan bernama. / Status of the review; changed only by named actions."},
		{"value_idr", rupiah(), "Nilai taksiran dalam rupiah penuh. / Estimated value in whole rupiah."},
		{"value_basis", oneOf(codes("cash invoice market_estimate not_valued")), "Dasar nilai. / Basis of the value."},
		{"place", text(nameMax), "Tempat. / Place."},
		{"people_reached", whole(0, 1_000_000_000), "Jumlah orang yang terbantu; hanya jumlah. / People reached; a count only."},
		{"note", text(5000), "Catatan, tanpa nama penerima manfaat. / Note, without beneficiaries' names."},
		{"task", to("tasks"), "Tugas yang dipenuhi. / Task it fulfils."},
		{"logged_by", to("users"), "Siapa yang mencatat; diisi otomatis. / Who logged it; filled in automatically."},
		{"on_behalf", flag(), "Dicatat tim atas nama mitra. / Logged by the team on a partner's behalf."},
		formKey,
		{"received_quantity", quantity(), "Jumlah yang diterima. / Quantity received."},
		{"received_by", to("users"), "Siapa yang menerima. / Who received it."},
		{"received_at", instant(), "Kapan diterima. / When it was received."},
		{"verified_quantity", quantity(), "Jumlah terverifikasi; tidak berubah lagi. / Verified quantity; no longer changes."},
		{"verified_value_idr", rupiah(), "Nilai terverifikasi; tidak berubah lagi. / Verified value; no longer changes."},
		{"submitted_at", instant(), "Kapan diajukan; diisi otomatis. / When it was submitted; filled in automatically."},
		{"reviewed_by", to("users"), "Siapa yang memeriksa; diisi otomatis. / Who reviewed it; filled in automatically."},
		{"reviewed_at", instant(), "Kapan diperiksa; diisi otomatis. / When it was reviewed; filled in automatically."},
		{"review_note", text(2000), "Alasan dikembalikan atau ditolak. / Reason for sending back or rejecting it."},
		{"number", text(60), "Nomor tanda terima; diberikan saat diajukan. / Number of the receipt; given at submission."},
	}, indexes: []index{
		sorted("programme", "given_on"), sorted("programme", "review_status", "given_on"), sorted("contributor", "given_on"),
		sorted("channelled_through"), sorted("recipient", "given_on"), sorted("pledge"), sorted("task"), sorted("logged_by"),
		sorted("received_by"), sorted("reviewed_by"), sorted("review_status", "submitted_at"), uniqueWhere("`number` != ''", "number"),
		onceOnly,
	}},
	// The statement of an organisation that it had nothing to give in a month.
	{name: "nil_reports", fields: []field{
		inProgramme,
		{"organisation", to("organisations", required, presentable), "Mitra yang tidak punya kontribusi bulan itu. / Partner with nothing to report that month."},
		{"month", text(7, required, presentable, matching(`^\d{4}-(0[1-9]|1[0-2])$`)), "Bulan (TTTT-BB). / Month (YYYY-MM)."},
		{"said_by", to("users"), "Siapa yang menyatakan; diisi otomatis. / Who said so; filled in automatically."},
	}, indexes: []index{unique("programme", "organisation", "month"), sorted("organisation"), sorted("said_by")}},
}

// verifiedContributions is what other members of a programme may see of a
// verified gift: the quantity that was found, no value and no note. The amount
// of money is a value too.
const verifiedContributions = `SELECT c.id, c.programme, c.contributor, c.channelled_through, c.recipient, c.kind, c.item,
found.verified_quantity AS quantity, c.unit, c.given_on, c.stage, c.number
FROM contributions c LEFT JOIN contributions found ON found.id = c.id AND found.kind != 'money'
WHERE c.review_status = 'verified'`
