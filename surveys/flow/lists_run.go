package flow

import (
	"context"
	"sync"

	"github.com/harkhq/hark/surveys"
)

// ListRun is how far the people of a confirmed list are stored.
type ListRun struct {
	Done, Of int
	Ended    bool
	Err      error // why it ended before all were stored
}

// listRuns are those of this process, by workspace and rule. Another process
// does not know them: it tells only who waits.
type listRuns struct {
	mu   sync.Mutex
	runs map[string]ListRun
}

func (r *listRuns) set(key string, run ListRun) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runs == nil {
		r.runs = make(map[string]ListRun)
	}
	r.runs[key] = run
}

// Start stores the people of a list that was checked, and their turns, after the
// request that asked for it has ended. The rule must be stored. The channel is
// closed when all is done; [Lists.Run] tells how far it is.
func (l *Lists) Start(ctx context.Context, plan ListPlan, check ListCheck) <-chan struct{} {
	key, ended := runKey(plan.Workspace.ID, plan.Rule.ID), make(chan struct{})
	run := ListRun{Of: len(check.Good)}
	l.runs.set(key, run)
	go func() {
		defer close(ended)
		run.Err = l.save(context.WithoutCancel(ctx), plan, check, func(done int) {
			run.Done = done
			l.runs.set(key, run)
		})
		run.Ended = true
		l.runs.set(key, run)
	}()
	return ended
}

// Run tells how far the latest list of a rule is that this process stores; false
// when there is none.
func (l *Lists) Run(ws surveys.WorkspaceID, ruleID string) (ListRun, bool) {
	l.runs.mu.Lock()
	defer l.runs.mu.Unlock()
	run, ok := l.runs.runs[runKey(ws, ruleID)]
	return run, ok
}

func runKey(ws surveys.WorkspaceID, ruleID string) string { return string(ws) + "/" + ruleID }
