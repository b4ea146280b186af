// SPDX-License-Identifier: Apache-2.0

/// Little words by which a language gives itself away, and a few that people in need use.
enum LanguageWords {
    static let table: [String: [String]] = lists.mapValues { $0.split(separator: " ").map(String.init) }

    private static let lists: [String: String] = [
        "en": """
        the a an and or but if is are was were be been am have has had do does did not no yes i you he she it we they me my \
        your his her our their this that these those of to in on at for with from by as so can could will would should \
        what when where who how why which there here please help need want book see doctor appointment pain chest for up \
        out about more some any just like get got go going im dont cant its hi hello thanks today tomorrow one two die also \
        come note male dove pain on an pour sans car fin me son van men am fast man hat war bin also gut not no son con
        """,
        "es": """
        el la los las un una unos unas y o pero que qué de del al en por para con sin como cómo cuando cuándo donde dónde \
        es está están estoy soy son fue hay tengo tiene no sí mi mis tu su se me te le lo nos muy más mucho mucha necesito \
        quiero puedo puede hacer cita médico doctor dolor duele ayuda hijo hija madre padre pecho cabeza hola gracias porque \
        favor también ya esto esta este respirar sangre urgente ella él yo
        """,
        "fr": """
        le la les un une des et ou mais que qui quoi de du au aux en dans pour avec sans est sont suis êtes ai as ont été \
        je tu il elle nous vous ils elles mon ma mes ton sa ses ne pas plus très c'est j'ai n'ai qu'il l'ai d'un une \
        veux peux peut besoin rendez mal douleur poitrine aide aidez bonjour merci médecin fils fille mère père bébé respirer \
        ça cette ce sur par comment quand où
        """,
        "de": """
        der die das den dem des ein eine einen einem einer und oder aber ist sind war ich du er sie wir ihr mein meine \
        meinen meiner nicht kein keine mit von zu zum zur im auf für bei nach aus wie wo wann warum habe hat haben bin kann \
        möchte brauche bitte hilfe schmerzen brust arzt termin kopf kind sohn tochter mutter vater atmen sehr auch noch \
        danke hallo mir mich dich sich
        """,
        "it": """
        il lo la gli le un uno una e o ma che chi di del della dei da dal in nel nella per con su sono è sei siamo ho hai \
        ha hanno non mi ti si ci vi mio mia miei tuo molto più anche come dove quando perché vorrei bisogno posso può dolore \
        petto aiuto medico appuntamento testa figlio figlia madre padre respirare grazie ciao questo questa
        """,
        "pt": """
        o os as um uma uns umas e ou mas que de do da dos das no na nos nas em por para com sem é são está estou foi tenho \
        tem não sim eu você ele ela nós meu minha seu sua muito mais como onde quando porque preciso quero posso dor peito \
        ajuda médico consulta cabeça filho filha mãe pai respirar obrigado olá isso esta este
        """,
        "nl": """
        de het een en of maar is zijn was ik jij je hij zij wij we mijn niet geen met van voor naar bij uit op om te dat die \
        dit deze heb heeft hebben kan wil moet graag hulp pijn borst dokter afspraak hoofd kind zoon dochter moeder vader \
        ademen ook nog erg heel waar hoe wanneer dank hallo
        """,
        "pl": """
        i w na z do że się nie jest są mam ma jestem był to ten ta ja ty on ona my mój moja bardzo jak gdzie kiedy dlaczego \
        proszę pomoc pomocy ból boli klatka piersiowej lekarz wizyta głowa dziecko syn córka matka ojciec oddychać mogę \
        chcę potrzebuję dla przez ale lub od po
        """,
        "tr": """
        bir ve bu şu o ben sen biz için ile de da ne nasıl nerede değil var yok çok benim annem babam oğlum kızım ağrı ağrıyor \
        göğsüm göğüs yardım lütfen doktor randevu istiyorum nefes alamıyorum başım gibi ama daha mi mı
        """,
        "ro": """
        și sau dar că de la în pe cu din pentru este sunt am ai are nu da eu tu el ea noi meu mea foarte mai cum unde când \
        vreau pot ajutor durere doare piept doctor programare cap copil fiul mama tata respira te rog un o
        """,
        "sv": """
        och eller men att det den en ett är var jag du han hon vi min mitt inte med på av för till från har hade kan vill \
        hjälp ont bröstet läkare tid huvudet barn son dotter mamma pappa andas mycket som hur när
        """,
        "da": """
        og eller men at det den en et er var jeg du han hun vi min mit ikke med på af for til fra har havde kan vil hjælp \
        ondt brystet læge tid hovedet barn søn datter mor far meget som hvordan hvornår
        """,
        "fi": """
        ja tai mutta että se on ei minä sinä hän me minun minulla olen ovat oli kanssa miten missä milloin apua kipu rinta \
        rinnassa lääkäri aika pää lapsi poika tytär äiti isä hengittää hyvin voin haluan
        """,
        "hu": """
        és vagy de hogy az egy nem van vagyok volt én te ő mi nagyon mint hol mikor miért segítség fáj mellkasom orvos időpont \
        fejem gyerek fiam lányom anyám apám lélegezni kérem szeretnék kell
        """,
        "cs": """
        a nebo ale že je jsem jsou byl to ten ta já ty on ona my můj moje ne není s na v z do pro jak kde kdy proč prosím \
        pomoc bolest bolí hrudník lékař hlava dítě syn dcera matka otec dýchat velmi mám chci potřebuji se
        """,
        "id": """
        yang dan atau tapi di ke dari untuk dengan ini itu saya aku kamu dia kami tidak bukan ada adalah sangat bisa mau \
        ingin tolong sakit dada dokter janji kepala anak ibu ayah bapak napas bernapas sesak bagaimana kapan
        """,
        "tl": """
        ang ng mga sa na at o pero hindi ako ikaw siya kami ko mo niya po opo ito iyan may wala masakit dibdib tulong doktor \
        ulo anak nanay tatay hininga paano kailan gusto kailangan
        """,
        "sw": """
        na ya wa kwa ni si mimi wewe yeye yangu langu wangu hii hiyo sana lakini tafadhali msaada maumivu kifua daktari \
        kichwa mtoto mama baba kupumua nataka nina
        """,
        "vi": """
        và hoặc nhưng là của tôi bạn anh chị không có này đó rất được cho với trong muốn cần giúp đau ngực bác sĩ đầu con mẹ \
        bố thở khi nào ở
        """,
    ]
}
