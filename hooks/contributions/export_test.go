package contributions

// Names that only the tests of package contributions_test use.
type (
	StepInput = stepInput
	Sum       = sum
)

var (
	Statuses = statuses
	TakeStep = takeStep
)
