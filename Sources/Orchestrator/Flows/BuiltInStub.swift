enum BuiltInResponses { static let names = ["cancelled", "not_understood"] }
