// SPDX-License-Identifier: Apache-2.0

/// Keys made with `openssl genrsa` and `openssl ecparam -name prime256v1`, and tokens signed with
/// `openssl dgst -sha256 -sign`; the private keys were thrown away.
enum KeyFixtures {
    static let rsaPEM = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0Fso2Q7K7Qe8HOn7hHyb
        ML345EInqYLMWhO01uCLZjpv/C/WnI6t4VRfo31Ri/Y7SrY8DsPAIfsjSOPvvpOm
        5ys0CAMBF60aki2IOAs0JjEW3wBa7yAc8R1N2Zr0sdt6xhA4V/Q3mTQuvxBJnhmn
        mtfq1ZzeD0rkAH44m/GFG4lYmD8Ns//nz/QOH9IxvEfQEx+H2Enj8M83O0Yd9He2
        u4cTXwWvLk7bF94ABrIWRX9JZogBEVe9FXzzfjt7dSGpKPIYb8hmd1P6uLqFNBJU
        uPIEZ+S2EUPG0vvelo/EgL5RoXLZuVC5TPYllwq31l/o7XjYvA5Vn8UQ7YtvGwaX
        tQIDAQAB
        -----END PUBLIC KEY-----
        """

    static let smallPEM = """
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDogXDahzxiItk0wUvVcnLhh8Pp
        wH2KyYLvF6k1GYAb9jqQhICJc8EJr2q/SAGV0nmgaWdXW1+S42yqa4ReWXlZ4drv
        fG/4P3yECbgQNocPj4UTUrzEKvPrHZomopqlvNR/0xLF+4IpLHURF2D9l3vXxoME
        NBxhTOxB8iubASjS4wIDAQAB
        -----END PUBLIC KEY-----
        """

    static let curvePEM = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYpQDvdDThOSHUS0KPfoygO6maB/Z
        HyNVPVu0K+ZTuZVlzsF7O+BJvKCAicYeSIaIwjKH4u1QNtgLMad8vxHyyw==
        -----END PUBLIC KEY-----
        """

    static let keySet = #"""
        {"keys":[{"kty":"RSA","kid":"k1","use":"sig","alg":"RS256","n":"0Fso2Q7K7Qe8HOn7hHybML345EInqY\#
        LMWhO01uCLZjpv_C_WnI6t4VRfo31Ri_Y7SrY8DsPAIfsjSOPvvpOm5ys0CAMBF60aki2IOAs0JjEW3wBa7yAc8R1N2Zr0\#
        sdt6xhA4V_Q3mTQuvxBJnhmnmtfq1ZzeD0rkAH44m_GFG4lYmD8Ns__nz_QOH9IxvEfQEx-H2Enj8M83O0Yd9He2u4cTXw\#
        WvLk7bF94ABrIWRX9JZogBEVe9FXzzfjt7dSGpKPIYb8hmd1P6uLqFNBJUuPIEZ-S2EUPG0vvelo_EgL5RoXLZuVC5TPYl\#
        lwq31l_o7XjYvA5Vn8UQ7YtvGwaXtQ","e":"AQAB"},{"kty":"EC","crv":"P-256","kid":"k2","x":"YpQDvdDT\#
        hOSHUS0KPfoygO6maB_ZHyNVPVu0K-ZTuZU","y":"Zc7BezvgSbyggInGHkiGiMIyh-LtUDbYCzGnfL8R8ss"},{"kty"\#
        :"RSA","use":"enc","n":"0Fso2Q7K7Qe8HOn7hHybML345EInqYLMWhO01uCLZjpv_C_WnI6t4VRfo31Ri_Y7SrY8Ds\#
        PAIfsjSOPvvpOm5ys0CAMBF60aki2IOAs0JjEW3wBa7yAc8R1N2Zr0sdt6xhA4V_Q3mTQuvxBJnhmnmtfq1ZzeD0rkAH44\#
        m_GFG4lYmD8Ns__nz_QOH9IxvEfQEx-H2Enj8M83O0Yd9He2u4cTXwWvLk7bF94ABrIWRX9JZogBEVe9FXzzfjt7dSGpKP\#
        IYb8hmd1P6uLqFNBJUuPIEZ-S2EUPG0vvelo_EgL5RoXLZuVC5TPYllwq31l_o7XjYvA5Vn8UQ7YtvGwaXtQ","e":"AQA\#
        B"},{"kty":"OKP","crv":"Ed25519","x":"AA"}]}
        """#

    static let rsa = """
        eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIiwidHlwIjoiSldUIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYX\
        VkIjpbIm9yY2hlc3RyYXRvciIsIm90aGVyIl0sInN1YiI6InU5Iiwicm9sZSI6IkRPQ1RPUiIsImlhdCI6MTc3MzA1MDQw\
        MCwiZXhwIjoxNzczMDUxMDAwfQ.RUQvd02WmZVMHTtg-Doq3XsaRBoK7VqcS5OeTqMimYJSxNXcGFoMqZhPEhMnw_5JsUV\
        nLXQW69NmjD284kyHdFLE2eUNFR1AoGreyrV1rLBExDZQ5Vlfct8QkjRYfN_tp4w8vQ4sjl9tzHz6F7OryBY-cXyXcgGZ_\
        mQZiYyrXbmBal6ws9fr02s3khvMGc3LyanbXLq0znOO1b8HYy8OzmMWEf1348oaB7E8SQhAwGtdJz1oOIAWCw8AHxU0Hqt\
        9uFj0u6L815AXiDgU2lg5onIdYPXoJREg5EsY9vDlGyaVFKLUQ2Qejv_ifoIhWvxkIjwMQ1VS0-wzNJKQ6ggvrQ
        """

    static let rsaAccess = """
        eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjpbIm9yY\
        2hlc3RyYXRvciIsIm90aGVyIl0sInN1YiI6InU5Iiwicm9sZSI6IkRPQ1RPUiIsImlhdCI6MTc3MzA1MDQwMCwiZXhwIjo\
        xNzczMDUxMDAwfQ.V0N2MeOwtLKqe8YTs6N3FCXoTvWHZHyCByTs2YGF595M9tocMnxWz5aB2m6Gxd0_sKg_hhby2ZlPBl\
        eKwFfVfqJRspI0k6_WqqX7AhJzlS3NxKLtJmGfwQ3exTLncfxniS4Z-9C6RQTdeV68y3oxOnmxqFODnyNmMbJy8WiW7yvL\
        6A-EX28WYM4is_3QGl04h2kvivio1GcQHhAv9lT1betaFb8YRk4GVyeo33mc2zJLiz0iWcsQfl-F-9zpqG-eAqCFcPItor\
        5caoEMXsxsioRGoftzlPH8WP0ZT8XwPjiOz3i83rTqmArtFH6PnHNq0aJnwWmSP40L9nWlqqogRw
        """

    static let curve = """
        eyJhbGciOiJFUzI1NiIsImtpZCI6ImsyIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjpbIm9yY2hlc3\
        RyYXRvciIsIm90aGVyIl0sInN1YiI6InU5Iiwicm9sZSI6IkRPQ1RPUiIsImlhdCI6MTc3MzA1MDQwMCwiZXhwIjoxNzcz\
        MDUxMDAwfQ._BdAJcmgfOzPJdN5lPBl4xVsNGvkPy-z7P-jJRy2h1KQbALqHzCGTA7ECydAcENAcRPxQcDAJrbPZk3NNjx\
        VhA
        """

    static let rsaOtherKey = """
        eyJhbGciOiJSUzI1NiIsImtpZCI6Im90aGVyIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjpbIm9yY2\
        hlc3RyYXRvciIsIm90aGVyIl0sInN1YiI6InU5Iiwicm9sZSI6IkRPQ1RPUiIsImlhdCI6MTc3MzA1MDQwMCwiZXhwIjox\
        NzczMDUxMDAwfQ.wHUjOO0nW5X4Sk7nYjvusAMSedhBCSm9k4WYBMvhFuoRpnhz-twmJN_Ovund1GRZE25Nup6n7R3_oii\
        9Y0IprNUjCJD7wAxqc3kOfL3iQPN05FCGDWNzEoPI7qi6u3PqmDocmtEdW1GmpYXbHQteOzGjrOo1vA4XK3XIJ8j_Kc7O1\
        qewM19E_j0laY7JGZfjha_L-G5icoTN9sCmjMCyD123d0-Djgfmk5RMYSvqOdw_gzGTomDxsnsxfaU1fGfHbkVvOdHeodj\
        8uwG_IsNSwk0MdRQLdyeEmuaFyeFn1V9kqVB1mo2siBa9o7FyaWepKDljfNOJI4DMKJxKLYchCw
        """

    static let rsaOtherAudience = """
        eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYmlsbGluZyIsInN1YiI6InU5I\
        iwicm9sZSI6IkRPQ1RPUiIsImlhdCI6MTc3MzA1MDQwMCwiZXhwIjoxNzczMDUxMDAwfQ.Rx5q1wjgJxPGpVuOUqF8Peku\
        ugwgu0ZzfIf5n2pDnGWBfFtr44VpQQvfcAqL4Jr6nDpee3Zb5S9WQwdnqbirTG0vsPF3gF3omvkkKqMYoVQ7K_F6Pf4Q4U\
        B7YU0w5o0STaimoAgI-76jmr2NCkzLBUbUf9VLmPfmO5VahHQU5hE3uLucx_ao2noBQfZ3cMnvoivaCjyaDyRmdgix16Iz\
        s6EboXzT1NfDOj1duuIPpb800BlvogBM74WlkDn80PGgp4xh3tcxYUhLb0dyWl92fVtSmRJMn00yFvZtWVzR3eTe903686\
        _KrrDLV64bV2I1skrtNMiYNbhvbTFa0RYUrg
        """

    static let rsaOtherIssuer = """
        eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2V2aWwuZXhhbXBsZSIsImF1ZCI6WyJvcmNoZXN0cmF0b3IiLCJvd\
        GhlciJdLCJzdWIiOiJ1OSIsInJvbGUiOiJET0NUT1IiLCJpYXQiOjE3NzMwNTA0MDAsImV4cCI6MTc3MzA1MTAwMH0.BUM\
        z2-HFu9F7Sd4wjLYNmq0wcagpc-jp-XsMwEr3l7vErK06ek2rFVKcx4BUM7n8aWsHCYVQsnWCI8WuT11sTuMUaeM1zuVFq\
        fLi_KgD-Km6VY_lYc7uAHyZyZvZNwBwxn9pPrjnhl2IhdqkzPkebN4Pv6he-p9HHGF5sjup7Y4NH9KCv0UgZawhpPHGdwY\
        G-QKLCCl_1VyvhG25KPDmYPgNk59ybAoU1ygHBQSTBeAzSyOIAQM2hYBrAme5QKJJfex-eees6NZ8SpSF6aLak5S7VMuxE\
        TZi17UYEEj9zEhiCkQyTRjtXaB76UxbvDZjwZ16o27xVQDUk32jgQWM9w
        """

    static let rsaNoAudience = """
        eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwic3ViIjoidTkiLCJyb2xlIjoiRE9DVE9SI\
        iwiaWF0IjoxNzczMDUwNDAwLCJleHAiOjE3NzMwNTEwMDB9.x97xAMEBtbSkhZRyFyPTz2UyYmjfFLilztKpbHhlejnC4C\
        qRINShTXuvZsJNKPNIGJz2XRGApI0q25PWUJ86bH4mUTQDWxfv92L16PBJkR5rEg4pbNrLtbYAQuOSaWbd4Wchhuaz_cev\
        xtye-xoc1cRX_RJqwipC5rOhAA7A7wG2SBfrthOR0LgucvK5yM1LaB40579AfVzmLfTGCEnTmca15dBGNBK_5Sx7VIe48Y\
        J5Gifbf9vANqoOaJ5GaEB_7hT9PbFus3Qx-zDAoWVD1BTXEc3FaM5raOxU5E6MKHRdQu5saphaJEhopK7Tis-7uBZo_rUu\
        y8tFIZBZ586aNA
        """
}
