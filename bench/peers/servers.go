package peers

import (
	"context"
	"database/sql"

	_ "github.com/go-sql-driver/mysql" // Sphinx speaks MySQL's protocol
	"github.com/jackc/pgx/v5"
)

type postgres struct{ *pgx.Conn }

func openPostgres(url string) (Peer, error) {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err == nil { // a plan for the words at hand, not for any words
		_, err = c.Exec(ctx, "set plan_cache_mode=force_custom_plan")
	}
	return postgres{c}, err
}

func (p postgres) Ask(q Question, words string) ([]int64, error) {
	if q != Search {
		return nil, unanswered("pg", q)
	}
	rows, err := p.Query(context.Background(), "select id from docs, plainto_tsquery('simple',$1) q where tsv @@ q order by ts_rank(tsv,q) desc limit 20", words)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

func (p postgres) Close() error { return p.Conn.Close(context.Background()) }

type sphinx struct{ *sql.DB }

func openSphinx(address string) (Peer, error) {
	db, err := sql.Open("mysql", "tcp("+address+")/?interpolateParams=true")
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return sphinx{db}, err
}

func (s sphinx) Ask(q Question, words string) ([]int64, error) {
	if q != Search {
		return nil, unanswered("sphinx", q)
	}
	rows, err := s.Query("select id from docs where match(?) limit 20", words)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
