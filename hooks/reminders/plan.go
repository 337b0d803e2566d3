package reminders

import "time"

// Letters are written into the ledger this far ahead; every night moves on by a
// day. One that looks back on an overdue task is seldom needed and waits until it
// is near: writing it with every new task would cost more than the task.
const (
	horizon     = 35 * 24 * time.Hour
	horizonBack = 7 * 24 * time.Hour
)

// Reasons of this room why a letter is not sent; the words stand with the mail's.
const (
	reasonRuleOff         = "rule_off"
	reasonNotConcerned    = "not_concerned"
	reasonProgrammePaused = "programme_paused"
	reasonNothing         = "nothing_to_report" // the partner said so of the month
	reasonNotMine         = "not_mine"          // the reader said so of the task
	reasonPutOff          = "put_off"           // the reader wanted two days of rest
)
