// Package errs is the one error type of Mirabilia: a code for programs, a
// message that is safe to show to anyone, and a cause that is only logged.
// Anything that is not an *Error is internal: logged, never shown.
package errs

import (
	"errors"
	"fmt"
	"time"
)

// Code says what kind of failure happened; the edges map it to a status.
type Code string

// The codes, with the HTTP status each edge gives.
const (
	Invalid     Code = "invalid"     // 400: a parameter or record is malformed
	NotFound    Code = "not-found"   // 404
	Gone        Code = "gone"        // 410: withdrawn
	Moved       Code = "moved"       // 301: Location holds the new path
	Conflict    Code = "conflict"    // 409
	Denied      Code = "denied"      // 403
	Unsigned    Code = "unsigned"    // 401
	TooLarge    Code = "too-large"   // 413
	TooMany     Code = "too-many"    // 429
	Unavailable Code = "unavailable" // 503: come back later
	Full        Code = "full"        // 507: no space to write
	Internal    Code = "internal"    // 500
)

// Field is one value of a request that is wrong, and why.
type Field struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error is a failure with a message that may be shown.
type Error struct {
	Code     Code
	Message  string
	Fields   []Field
	Location string        // for Moved: the path to go to; for Gone: where to object
	Since    time.Time     // for Gone, where that is known
	Wait     time.Duration // for TooMany: until it may be tried again; 0 where it is no matter of time
	Cause    error         // logged, never shown
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v", e.Message, e.Cause)
	}
	return e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// New makes an error of a kind; the message is shown as it is.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap is New with a cause for the log.
func Wrap(cause error, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// InField is an Invalid error about one named value.
func InField(field, format string, args ...any) *Error {
	m := fmt.Sprintf(format, args...)
	return &Error{Code: Invalid, Message: field + ": " + m, Fields: []Field{{Field: field, Message: m}}}
}

// MovedTo says that the thing asked for now lives at location, a path.
func MovedTo(location string) *Error {
	return &Error{Code: Moved, Message: "moved", Location: location}
}

// TooSoon is a TooMany that may be tried again after so long.
func TooSoon(wait time.Duration, format string, args ...any) *Error {
	return &Error{Code: TooMany, Message: fmt.Sprintf(format, args...), Wait: wait}
}

// SecondsOf is after how many whole seconds what err refuses may be tried again,
// as Retry-After says it; otherwise where err does not know.
func SecondsOf(err error, otherwise int) int {
	var e *Error
	if !errors.As(err, &e) || e.Wait <= 0 {
		return otherwise
	}
	return int((e.Wait + time.Second - 1) / time.Second)
}

// CodeOf is the code of err: Internal for anything that is not an *Error.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }
