package mail

func beKilled(string) int { return 0 }
