package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"

	_ "modernc.org/sqlite" // registers the driver that is wrapped here
)

// driverName is SQLite with prepared statements kept: dbx prepares each query anew,
// which was a quarter of what saving a task cost.
const driverName = "sqlite_prepared"

// maxStatements is how many prepared statements a connection keeps; each takes
// some 10 kB.
const maxStatements = 100

func init() {
	// Functions and collations are registered with the one driver that is known as
	// "sqlite"; opening it opens no file.
	plain, err := sql.Open("sqlite", "")
	if err != nil {
		panic(err)
	}
	sql.Register(driverName, preparedDriver{plain.Driver()})
}

type preparedDriver struct{ plain driver.Driver }

// Open implements driver.Driver.
func (d preparedDriver) Open(name string) (driver.Conn, error) {
	c, err := d.plain.Open(name)
	if err != nil {
		return nil, err
	}
	return &conn{c.(sqliteConn), map[string]*statement{}}, nil
}

// sqliteConn is what database/sql uses of SQLite's connections.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// conn serves one goroutine at a time, as all of database/sql's connections do.
type conn struct {
	sqliteConn
	statements map[string]*statement
}

// statement is busy while rows of it are read: running it again would reset them.
type statement struct {
	sqliteStatement
	busy bool
}

type sqliteStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// statement returns the prepared statement of a query; nil if it is being read, and
// for EXPLAIN, which would go on showing the plan of its first day.
func (c *conn) statement(ctx context.Context, query string) (*statement, error) {
	if strings.HasPrefix(query, "EXPLAIN") {
		return nil, nil
	}
	if s := c.statements[query]; s != nil {
		if s.busy {
			return nil, nil
		}
		return s, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.makeSpace()
	s := &statement{sqliteStatement: prepared.(sqliteStatement)}
	c.statements[query] = s
	return s, nil
}

// makeSpace closes any one statement once there are too many.
func (c *conn) makeSpace() {
	if len(c.statements) < maxStatements {
		return
	}
	for query, s := range c.statements {
		if !s.busy {
			_ = s.Close() // there is nobody to whom it would matter
			delete(c.statements, query)
			return
		}
	}
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return s.ExecContext(ctx, args)
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	found, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &rows{found.(sqliteRows), s}, nil
}

// Close implements driver.Conn.
func (c *conn) Close() error {
	for _, s := range c.statements {
		_ = s.Close() // the connection's own error says more
	}
	return c.sqliteConn.Close()
}

// rows give their statement back when they are closed.
type rows struct {
	sqliteRows
	of *statement
}

type sqliteRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	err := r.sqliteRows.Close()
	r.of.busy = false
	return err
}
