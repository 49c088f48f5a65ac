//go:build !linux

package main

func goBehind() {}
