package surveys

import "time"

// MailQueue is how the mails of all workspaces stand, for who watches over a server.
type MailQueue struct {
	Due     int                 // letters whose time has come and that have not left; a workspace counts for 100,000 at most
	Wait    time.Duration       // of the one that waits longest
	Returns map[BounceClass]int // reports of the last day, by class; of each class
}
