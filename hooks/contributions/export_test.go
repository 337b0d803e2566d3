package contributions

// Names that only the tests of package contributions_test use.
type (
	ListItem  = listItem
	StepInput = stepInput
	Sum       = sum
)

var (
	Statuses          = statuses
	RecentItems       = recent
	FormatRows        = rows
	ContributorTotals = contributorTotals
	TakeStep          = takeStep
)
