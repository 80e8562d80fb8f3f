-- 两个数据库角色：属主只在迁移时用，运行时的角色改不了表结构，也改不了、删不了留痕。
-- 以超级用户执行一次：psql -v owner_password=口令一 -v app_password=口令二 -f deploy/roles.sql
SELECT format('CREATE ROLE lianluo_owner LOGIN PASSWORD %L', :'owner_password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lianluo_owner') \gexec
SELECT format('CREATE ROLE lianluo_app LOGIN PASSWORD %L', :'app_password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lianluo_app') \gexec
SELECT 'CREATE DATABASE lianluo OWNER lianluo_owner ENCODING ''UTF8'' TEMPLATE template0'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'lianluo') \gexec
