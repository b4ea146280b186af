// SPDX-License-Identifier: Apache-2.0

/// Finds the route of a method and a path.
struct RouteTable: Sendable {
    /// What was found.
    enum Finding {
        case route(NativeRoute, parameters: [String])
        case wrongMethod(allowed: [String])
        case nothing
    }

    private struct Entry: Sendable {
        /// Nil stands for a parameter.
        let segments: [String?]
        let routes: [NativeRoute]

        /// The parameters when the path fits; an id is never empty.
        func match(_ path: [String]) -> [String]? {
            guard path.count == segments.count else { return nil }
            var parameters: [String] = []
            for (segment, part) in zip(segments, path) {
                guard let segment else {
                    if part.isEmpty { return nil }
                    parameters.append(part)
                    continue
                }
                guard segment == part else { return nil }
            }
            return parameters
        }
    }

    static let native = RouteTable(NativeRoute.all)

    let routes: [NativeRoute]
    private let entries: [Entry]

    init(_ routes: [NativeRoute]) {
        self.routes = routes
        var paths: [String] = []
        for route in routes where !paths.contains(route.path) { paths.append(route.path) }
        entries = paths.map { path in
            let parts = path.split(separator: "/").map { $0.hasPrefix("{") ? nil : String($0) }
            return Entry(segments: parts, routes: routes.filter { $0.path == path })
        }
    }

    /// Looks a path up.
    ///
    /// `HEAD` is answered where `GET` is.
    func find(_ method: String, _ path: [String]) -> Finding {
        for entry in entries {
            guard let parameters = entry.match(path) else { continue }
            let wanted = method == "HEAD" ? "GET" : method
            if let route = entry.routes.first(where: { $0.method == wanted }) {
                return .route(route, parameters: parameters)
            }
            let methods = entry.routes.map(\.method)
            return .wrongMethod(allowed: methods.contains("GET") ? methods + ["HEAD"] : methods)
        }
        return .nothing
    }
}
