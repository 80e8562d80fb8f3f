"""接口文档里令牌认证的说明。"""
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "lianluo.accounts.tokens.TokenAuthentication"
    name = "接口令牌"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey", "in": "header", "name": "Authorization",
            "description": "在「接口令牌」页建立，写成 Token ll_…，权限与本人相同。",
        }
