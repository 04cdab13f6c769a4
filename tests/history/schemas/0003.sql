insert into opinions (check_id, clause_id, rater, state, reason, said_at) values (1, 1, '王教练', 'pass', '衣服皱，肩是平的', '2026-11-28 18:00:00.000000');
insert into opinions (check_id, clause_id, rater, state, reason, said_at) values (1, 2, '王教练', 'pass', '', '2026-11-28 18:00:00.000000');
insert into comments (id, check_id, rater, text, said_at) values (1, 1, '王教练', '下次请从正面拍', '2026-11-28 18:00:00.000000');
