// Package flow holds the moves of the domain: each receives what came in,
// decides with the pure functions of package surveys, and stores the outcome
// with all its consequences in one transaction. In the data's way it is
// receive.go (event → rule → invitation), answer.go (answer → response) and
// the team's own moves around them: asking.go, team.go, settings.go, erase.go.
package flow
