// SPDX-License-Identifier: Apache-2.0

struct AdminConfig: ConfigMap {
    static let title = "'admin'"

    let email: Located<String>
    let password: Located<Secret>

    init(_ map: MapReader) {
        email = map.required(
            "email", .text, "What the administrator logs in with; empty for no such account.")
        password = map.required(
            "password", .secret,
            "Their password, at least 12 characters; empty for no such account.")
    }
}

struct AccountsConfig: ConfigMap {
    static let title = "'accounts'"

    let register: Located<Bool>
    let minPassword: Located<Int>

    init(_ map: MapReader) {
        register = map.value(
            "register", .boolean, default: "true",
            "People may make their own account, in the `default_role` of the first issuer that signs for one."
        )
        minPassword = map.value(
            "min_password", .integer(6...72), default: "8",
            "Characters of a new password, at least; more than 72 bytes are refused.")
    }
}
