-- 给运行时的角色授权。每次迁移之后以属主执行：psql "$OWNER_DATABASE_URL" -f deploy/grants.sql
GRANT USAGE ON SCHEMA public TO lianluo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO lianluo_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO lianluo_app;
-- 留痕只增不改不删（等保安全审计 c）
REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditevent, audit_audithead FROM lianluo_app;
-- 迁移的账也不由运行时改
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM lianluo_app;
