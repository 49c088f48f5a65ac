//go:build !linux

package app

// unloadProgram does nothing here: what the start has read of the program's file
// is the system's matter.
func unloadProgram() {}
