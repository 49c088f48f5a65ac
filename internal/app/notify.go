package app

import (
	"net"
	"os"
)

// tell tells the service manager that started the program how it goes
// (sd_notify(3): a datagram to the socket it names). Without a manager, or when
// it does not listen, nothing is lost by silence.
func (a *App) tell(state string) {
	name := os.Getenv("NOTIFY_SOCKET")
	if name == "" {
		return
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		a.log.Debug("the service manager does not listen", "error", err)
		return
	}
	defer c.Close()
	if _, err := c.Write([]byte(state)); err != nil {
		a.log.Debug("the service manager was not told", "error", err)
	}
}
