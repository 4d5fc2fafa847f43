package flow

// ComputeDrivers is what the job does.
var ComputeDrivers = computeDrivers
