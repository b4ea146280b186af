// SPDX-License-Identifier: Apache-2.0

import Transport

/// The chat page of the demo.
///
/// The roles that may talk to someone are written into it when it is asked for.
struct DemoPage: Sendable {
    func response(_ snapshot: Snapshot) -> HTTPResponse {
        let roles = Set(snapshot.parts.assistants.values.flatMap(\.parts.roles)).sorted()
        let options = roles.map { role in
            let name = PageResponse.escaped(role)
            return "<option value=\"\(name)\">\(name)</option>"
        }
        let html = DemoPageSource.html
            .replacing("{{style}}", with: DemoPageSource.style)
            .replacing("{{script}}", with: DemoPageSource.script)
            .replacing("{{roles}}", with: options.joined())
        return PageResponse(html: html, style: DemoPageSource.style, script: DemoPageSource.script).response
    }
}
